# Headers, library, find_package(patroni), pkg-config, programs.
include(CMakePackageConfigHelpers)

install(TARGETS patroni EXPORT patroniTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/patroni DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING
    PATTERN "*.hpp" PATTERN "simulator.hpp" EXCLUDE)
install(EXPORT patroniTargets NAMESPACE patroni:: FILE patroniTargets.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/patroni)

configure_package_config_file(cmake/patroniConfig.cmake.in patroniConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/patroni)
write_basic_package_version_file(patroniConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/patroniConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/patroniConfigVersion.cmake"
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/patroni)

configure_file(cmake/patroni.pc.in patroni.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/patroni.pc"
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET patroni_simulator)
    install(TARGETS patroni_simulator EXPORT patroniTargets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(FILES include/patroni/simulator.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/patroni)
endif()
if(TARGET patctl)
    install(TARGETS patctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
