"""A test ends once the requests that it caused have ended."""

import threading
from time import sleep

from django.core.signals import request_finished, request_started

from tests import inflight


def test_a_request_under_way_is_waited_for():
    began, ended = threading.Event(), []

    def work():
        request_started.send(sender=None)
        began.set()
        sleep(0.2)
        ended.append(True)
        request_finished.send(sender=None)

    thread = threading.Thread(target=work)
    thread.start()
    began.wait()
    inflight.wait()
    assert ended == [True]
    thread.join()
