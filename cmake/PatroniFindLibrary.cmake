# patroni_find_library(NAME HEADER LIBRARY): the imported target patroni::NAME, if it is there.
# For libraries without a CMake package in Debian 12; patroniConfig.cmake uses it too.
function(patroni_find_library name header library)
    find_path(PATRONI_${name}_INCLUDE_DIR ${header})
    if(PATRONI_STATIC_DEPENDENCIES)
        find_library(PATRONI_${name}_LIBRARY NAMES lib${library}.a ${library})
    else()
        find_library(PATRONI_${name}_LIBRARY NAMES ${library})
    endif()
    mark_as_advanced(PATRONI_${name}_INCLUDE_DIR PATRONI_${name}_LIBRARY)
    if(PATRONI_${name}_INCLUDE_DIR AND PATRONI_${name}_LIBRARY AND NOT TARGET patroni::${name})
        add_library(patroni::${name} UNKNOWN IMPORTED)
        set_target_properties(patroni::${name} PROPERTIES
            IMPORTED_LOCATION "${PATRONI_${name}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${PATRONI_${name}_INCLUDE_DIR}")
    endif()
endfunction()
