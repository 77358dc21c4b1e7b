# patroni_layer(NAME LIBRARY...): one folder of src/ as one object library. The sources are what
# the folder holds; the allowed includes are checked by tools/check_layers.
function(patroni_layer name)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
    add_library(patroni_${name} OBJECT ${sources})
    target_include_directories(patroni_${name} PRIVATE
        "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
    target_compile_definitions(patroni_${name} PRIVATE PATRONI_VERSION="${PROJECT_VERSION}")
    target_link_libraries(patroni_${name} PRIVATE patroni_compiler ${ARGN})
    target_sources(patroni PRIVATE $<TARGET_OBJECTS:patroni_${name}>)
endfunction()
