import platform

from wikifeed_server.runtime.memory import keep_freed_memory


def test_the_allocator_takes_the_settings_where_it_is_glibcs():
    assert keep_freed_memory() is (platform.libc_ver()[0] == "glibc")
