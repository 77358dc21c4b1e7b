# Boost (Asio, Beast's parser, JSON), OpenSSL, c-ares, libyaml, threads.
if(PATRONI_STATIC_DEPENDENCIES)
    set(Boost_USE_STATIC_LIBS ON)
    set(OPENSSL_USE_STATIC_LIBS ON)
endif()

find_package(Boost QUIET COMPONENTS json)
if(NOT Boost_FOUND OR Boost_VERSION VERSION_LESS 1.81)
    message(FATAL_ERROR
        "libpatroni needs Boost 1.81 or newer with Boost.JSON; found: '${Boost_VERSION}'.\n"
        "On Debian 12 the default libboost-dev is 1.74, and 1.81 is beside it:\n"
        "    apt-get install libboost1.81-dev libboost-json1.81-dev\n"
        "Elsewhere point CMake to it with -DBoost_ROOT=DIR.")
endif()
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)

# Neither has a CMake package in Debian 12.
function(patroni_find_library target header library package)
    find_path(${target}_INCLUDE_DIR ${header})
    if(PATRONI_STATIC_DEPENDENCIES)
        find_library(${target}_LIBRARY NAMES lib${library}.a ${library})
    else()
        find_library(${target}_LIBRARY NAMES ${library})
    endif()
    if(NOT ${target}_INCLUDE_DIR OR NOT ${target}_LIBRARY)
        message(FATAL_ERROR "libpatroni needs ${library}: apt-get install ${package}")
    endif()
    add_library(patroni_${target} INTERFACE)
    target_include_directories(patroni_${target} SYSTEM INTERFACE ${${target}_INCLUDE_DIR})
    target_link_libraries(patroni_${target} INTERFACE ${${target}_LIBRARY})
endfunction()
patroni_find_library(cares ares.h cares libc-ares-dev)
patroni_find_library(yaml yaml.h yaml libyaml-dev)

add_library(patroni_boost INTERFACE)
target_link_libraries(patroni_boost INTERFACE Boost::headers)
target_compile_definitions(patroni_boost INTERFACE
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
