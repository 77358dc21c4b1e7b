# Headers, library, find_package(patroni), pkg-config, programs.
include(CMakePackageConfigHelpers)

get_target_property(library_type patroni TYPE)
string(COMPARE EQUAL "${library_type}" SHARED_LIBRARY PATRONI_SHARED)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/patroni")

install(TARGETS patroni patroni_asio EXPORT patroniTargets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY include/patroni DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING
    PATTERN "*.hpp" PATTERN "simulator.hpp" EXCLUDE)
if(TARGET patroni_simulator)
    install(TARGETS patroni_simulator EXPORT patroniTargets
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(FILES include/patroni/simulator.hpp
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/patroni")
endif()
install(EXPORT patroniTargets NAMESPACE patroni:: DESTINATION "${package_dir}")

configure_package_config_file(cmake/patroniConfig.cmake.in patroniConfig.cmake
    INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(patroniConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/patroniConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/patroniConfigVersion.cmake"
    cmake/PatroniFindLibrary.cmake
    DESTINATION "${package_dir}")

# The folders of patroni.pc follow it when the installation is moved (or goes to --prefix DIR).
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(PATRONI_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
    set(PATRONI_PC_LIBDIR "${CMAKE_INSTALL_FULL_LIBDIR}")
    set(PATRONI_PC_INCLUDEDIR "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(PATRONI_PC_PREFIX "\${pcfiledir}/${up}")
    set(PATRONI_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(PATRONI_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
# Who links the static library needs the others too; the shared one brings its own.
set(PATRONI_PC_REQUIRES "")
set(PATRONI_PC_LIBS "")
if(NOT PATRONI_SHARED)
    set(PATRONI_PC_REQUIRES " openssl libcares yaml-0.1")
    set(PATRONI_PC_LIBS " -lboost_json -lpthread")
endif()
configure_file(cmake/patroni.pc.in patroni.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/patroni.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

if(TARGET patctl)
    install(TARGETS patctl RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    # For those who put it in front of, or in place of, Patroni's own program. In lib/ on every
    # distribution, whatever the folder of libraries is called: the path stands in people's PATH.
    file(RELATIVE_PATH to_patctl "/lib/patctl/compat" "/${CMAKE_INSTALL_BINDIR}/patctl")
    install(CODE "
        set(compat \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/patctl/compat\")
        file(MAKE_DIRECTORY \"\${compat}\")
        file(CREATE_LINK \"${to_patctl}\" \"\${compat}/patronictl\" SYMBOLIC)")
endif()
install(FILES LICENSE README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
