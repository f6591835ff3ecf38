# Put a file of the tree into a program: as a C array, made again whenever the file changes. Nothing but CMake is needed.
#     sv_embed(target file name)  ->  const unsigned char name[]; const size_t name_size;
# Also run as a script by that: cmake -DSV_IN=FILE -DSV_OUT=FILE.c -DSV_NAME=name -P embed.cmake
if(SV_IN)
    file(READ ${SV_IN} bytes HEX)
    string(LENGTH "${bytes}" n)
    math(EXPR n "${n} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    file(WRITE ${SV_OUT} "/* Made from ${SV_NAME}'s file; do not edit. */\n#include <stddef.h>\n
extern const unsigned char ${SV_NAME}[];
extern const size_t ${SV_NAME}_size;
const unsigned char ${SV_NAME}[] = {\n${bytes}\n};
const size_t ${SV_NAME}_size = ${n};\n")
    return()
endif()

set(SV_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(sv_embed target file name)
    set(in ${CMAKE_SOURCE_DIR}/${file})
    set(out ${CMAKE_BINARY_DIR}/${name}.c)
    if(NOT EXISTS ${in})
        message(FATAL_ERROR "${file} is missing: the page of svitlo report, a generated file that belongs into the tree")
    endif()
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DSV_IN=${in} -DSV_OUT=${out} -DSV_NAME=${name} -P ${SV_EMBED_SCRIPT}
        DEPENDS ${in} ${SV_EMBED_SCRIPT} VERBATIM)
    target_sources(${target} PRIVATE ${out})
endfunction()
