"""The pytest plugin for plugin authors and for the tests of devkit itself."""
