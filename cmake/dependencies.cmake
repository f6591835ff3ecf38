# What Svitlo links, and how Debian lets it be found (docs/decisions/0001-dependencies.md).
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)

find_library(KLU_LIBRARY klu REQUIRED)
find_path(KLU_INCLUDE klu.h PATH_SUFFIXES suitesparse REQUIRED)
add_library(SV_KLU INTERFACE)
target_include_directories(SV_KLU SYSTEM INTERFACE ${KLU_INCLUDE})
# Orderings, of the same package: ours to call for the symmetric factor.
find_library(AMD_LIBRARY amd REQUIRED)
find_path(AMD_INCLUDE amd.h PATH_SUFFIXES suitesparse REQUIRED)
target_include_directories(SV_KLU SYSTEM INTERFACE ${AMD_INCLUDE})
target_link_libraries(SV_KLU INTERFACE ${KLU_LIBRARY} ${AMD_LIBRARY})

# Not by pkg-config: it asks for zlib, bzip2 and LAPACK by name, whose development files a fresh machine lacks.
find_library(CLP_LIBRARY Clp REQUIRED)
find_path(CLP_INCLUDE coin/Clp_C_Interface.h REQUIRED)
add_library(SV_CLP INTERFACE)
target_link_libraries(SV_CLP INTERFACE ${CLP_LIBRARY})
target_include_directories(SV_CLP SYSTEM INTERFACE ${CLP_INCLUDE} ${CLP_INCLUDE}/coin)

find_library(CSV_LIBRARY csv REQUIRED)
find_path(CSV_INCLUDE csv.h REQUIRED)
add_library(SV_CSV INTERFACE)
target_link_libraries(SV_CSV INTERFACE ${CSV_LIBRARY})

foreach(pair "FYAML libfyaml" "SQLITE sqlite3" "JANSSON jansson")
    separate_arguments(pair)
    list(GET pair 0 name)
    list(GET pair 1 module)
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
    add_library(SV_${name} INTERFACE)
    target_link_libraries(SV_${name} INTERFACE PkgConfig::${name})
endforeach()

# Optional: svitlo export --netcdf (docs/decisions/0008-netcdf.md). pkg-config would ask for HDF5's development files.
option(SV_NETCDF "export to NetCDF when the library is there" ON)
find_library(NETCDF_LIBRARY netcdf)
find_path(NETCDF_INCLUDE netcdf.h)
add_library(SV_NETCDF_LIBRARY INTERFACE)
set(SV_HAVE_NETCDF 0)
if(SV_NETCDF AND NETCDF_LIBRARY AND NETCDF_INCLUDE)
    set(SV_HAVE_NETCDF 1)
    target_link_libraries(SV_NETCDF_LIBRARY INTERFACE ${NETCDF_LIBRARY})
    target_include_directories(SV_NETCDF_LIBRARY SYSTEM INTERFACE ${NETCDF_INCLUDE})
endif()
target_compile_definitions(SV_NETCDF_LIBRARY INTERFACE SV_HAVE_NETCDF=${SV_HAVE_NETCDF})

# Link an outside library privately, when the floor's code is there.
function(sv_link target library)
    if(TARGET ${target})
        target_link_libraries(${target} PRIVATE ${library})
    endif()
endfunction()
