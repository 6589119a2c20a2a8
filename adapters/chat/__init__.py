"""What Discord and Slack share: turns in chat, whatever the platform.

    door      what a platform needs of the core, and the settings of a server or workspace
    turns     a request through the door, and its answer shown: in order, once, or owed
    lines     what a typed line will be heard as                       (pure)
    buttons   the ids of buttons, selects and forms                    (pure)
    sheets    what stands together, sums in columns, files         (pure)
    text      cleaning, measuring and cutting text                     (standard library)
    words     the sentences both need                                  (constants)
    service   a process that runs until it is told to stop, and its log

This package must not know any platform or its library.
"""
