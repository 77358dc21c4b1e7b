# One interface target with the compiler settings of this project's own code.
add_library(patroni_compiler INTERFACE)
target_compile_features(patroni_compiler INTERFACE cxx_std_20)
target_compile_options(patroni_compiler INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual)
# GCC 12 warns falsely about variants and optionals that are moved at -O2.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(patroni_compiler INTERFACE -Wno-maybe-uninitialized)
endif()
if(PATRONI_WERROR)
    target_compile_options(patroni_compiler INTERFACE -Werror)
endif()
if(PATRONI_SANITIZE)
    target_compile_options(patroni_compiler INTERFACE
        -fsanitize=${PATRONI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(patroni_compiler INTERFACE -fsanitize=${PATRONI_SANITIZE})
    if(PATRONI_SANITIZE STREQUAL "address,undefined" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # These three look at every access, as the address sanitizer does, and cost GCC a quarter of the
        # time to compile. The fuzzers, built by clang, have them.
        target_compile_options(patroni_compiler INTERFACE -fno-sanitize=null,alignment,object-size)
    endif()
endif()

# A program that needs nothing but libc to run, where its dependencies are linked statically.
include(CheckLinkerFlag)
function(patroni_program target)
    if(NOT PATRONI_STATIC_DEPENDENCIES OR PATRONI_SANITIZE)
        return()
    endif()
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc -s)
    # A sixth less memory at the start, where linker and libc (2.36) know it.
    check_linker_flag(CXX -Wl,-z,pack-relative-relocs PATRONI_PACKS_RELOCATIONS)
    if(PATRONI_PACKS_RELOCATIONS)
        target_link_options(${target} PRIVATE -Wl,-z,pack-relative-relocs)
    endif()
endfunction()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    find_program(PATRONI_CCACHE ccache)
    if(PATRONI_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        set(CMAKE_C_COMPILER_LAUNCHER ${PATRONI_CCACHE})
        set(CMAKE_CXX_COMPILER_LAUNCHER ${PATRONI_CCACHE})
    endif()
endif()
