# Boost (Asio, Beast's parser, JSON), OpenSSL, c-ares, libyaml, threads.
if(PATRONI_STATIC_DEPENDENCIES)
    set(Boost_USE_STATIC_LIBS ON)
    set(OPENSSL_USE_STATIC_LIBS ON)
endif()

find_package(Boost QUIET COMPONENTS json)
if(NOT Boost_FOUND OR Boost_VERSION VERSION_LESS 1.81)
    if(Boost_VERSION_STRING)
        set(found "found ${Boost_VERSION_STRING} in ${Boost_INCLUDE_DIRS}")
    else()
        set(found "found none")
    endif()
    message(FATAL_ERROR
        "libpatroni needs Boost 1.81 or newer with Boost.JSON; ${found}.\n"
        "Debian 12 has two: libboost-dev is 1.74, and these are 1.81 (they replace it):\n"
        "    apt-get install libboost1.81-dev libboost-json1.81-dev\n"
        "Or point CMake to another one with -DBoost_ROOT=DIR.")
endif()
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)

include(PatroniFindLibrary)
patroni_find_library(cares ares.h cares)
patroni_find_library(yaml yaml.h yaml)
if(NOT TARGET patroni::cares OR NOT TARGET patroni::yaml)
    message(FATAL_ERROR
        "libpatroni needs c-ares and libyaml: apt-get install libc-ares-dev libyaml-dev")
endif()

add_library(patroni_boost INTERFACE)
target_link_libraries(patroni_boost INTERFACE Boost::headers)
target_compile_definitions(patroni_boost INTERFACE
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
