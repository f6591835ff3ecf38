# Warnings, sanitizers and floating-point rules shared by every target.
add_library(sv_warnings INTERFACE)
target_compile_options(sv_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2
    -Wimplicit-fallthrough -fno-common
    # The same bits on every compiler: no fused multiply-add behind our back.
    -ffp-contract=off)
target_compile_definitions(sv_warnings INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
if(SV_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(SV_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
endif()
if(SV_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Each take of an arena gets its own malloc, so that the address sanitizer sees each bound.
    add_compile_definitions(SV_ARENA_EACH=1)
else()
    add_compile_definitions(SV_ARENA_EACH=0)
endif()
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    target_compile_options(sv_warnings INTERFACE -Wno-gnu-zero-variadic-macro-arguments)
endif()
