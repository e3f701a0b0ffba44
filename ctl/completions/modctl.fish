# fish completion for modctl and supervisorctl
#
# Names come from the daemon the command line so far points at; without one there are none.

# The client with the options that say where the daemon is, one word a line.
function __modctl_client
    set -l words (commandline -opc)
    echo $words[1]
    set -l value_follows false
    for word in $words[2..-1]
        if test $value_follows = true
            echo $word
            set value_follows false
            continue
        end
        switch $word
            case -c -s -u -p -r --configuration --serverurl --username --password --history_file
                echo $word
                set value_follows true
            case '-*'
                echo $word
            case '*'
                return
        end
    end
end

# The action on the command line, or nothing.
function __modctl_verb
    set -l words (commandline -opc)
    set -l skip (count (__modctl_client))
    test (count $words) -gt $skip; and echo $words[(math $skip + 1)]
end

function __modctl_wants_action
    test -z (__modctl_verb)""
end

function __modctl_is
    contains -- (__modctl_verb)"" $argv
end

function __modctl_processes
    set -l client (__modctl_client)
    set -l names (command $client avail 2>/dev/null </dev/null | string replace -r '\s.*' '')
    printf '%s\n' $names
    string match -- '*:*' $names | string replace -r ':.*' ':*' | sort -u
end

function __modctl_groups
    __modctl_processes | string replace -r ':.*' '' | sort -u
end

for client in modctl supervisorctl
    complete -c $client -f
    complete -c $client -n __modctl_wants_action -s c -l configuration -r -F -d 'Configuration file'
    complete -c $client -n __modctl_wants_action -s h -l help -d 'Print a summary'
    complete -c $client -n __modctl_wants_action -s i -l interactive -d 'Ask before shutdown and reload'
    complete -c $client -n __modctl_wants_action -s s -l serverurl -x -d 'Where the daemon listens'
    complete -c $client -n __modctl_wants_action -s u -l username -x -d 'User name'
    complete -c $client -n __modctl_wants_action -s p -l password -x -d Password
    complete -c $client -n __modctl_wants_action -s r -l history_file -r -F -d 'History of the shell'

    set -l commands \
        add 'Activate groups that the last reread found' \
        avail 'List the configured processes' \
        clear 'Empty log files' \
        exit 'Leave the shell' \
        fg 'See the output of a process and type to its input' \
        help 'List the actions, or explain one' \
        maintail 'Show the log of the daemon' \
        open 'Talk to another daemon' \
        pid 'Show process ids' \
        quit 'Leave the shell' \
        reload 'Restart the daemon with a fresh configuration' \
        remove 'Deactivate groups that are stopped' \
        reread 'Tell what has changed in the configuration' \
        restart 'Stop and start processes' \
        shutdown 'Stop all processes and the daemon' \
        signal 'Send a signal' \
        start 'Start processes' \
        status 'Show states' \
        stop 'Stop processes' \
        tail 'Show the end of a log' \
        update 'Bring a changed configuration into effect' \
        version 'Show the version of the daemon'
    if test $client = modctl
        set -a commands \
            explain 'Tell what a process does and why' \
            health 'Succeed when everything runs' \
            logs 'Show the last lines that processes wrote'
    end
    for i in (seq 1 2 (count $commands))
        complete -c $client -n '__modctl_wants_action; or __modctl_is help' -a $commands[$i] \
            -d $commands[(math $i + 1)]
    end

    complete -c $client -n '__modctl_is add remove update' -a '(__modctl_groups)'
    complete -c $client -n '__modctl_is clear explain fg logs pid restart signal start status stop tail' \
        -a '(__modctl_processes)'
    complete -c $client -n '__modctl_is clear pid restart signal start status stop' -a all
end

complete -c modctl -n '__modctl_is avail pid reread status update version' -l json -d 'Answer as JSON'
complete -c modctl -n '__modctl_is status' -l watch -d 'Keep the states up to date'
complete -c modctl -n '__modctl_is restart start stop update' -l wait -d 'Wait until all have got there'
complete -c modctl -n '__modctl_is logs' -s f -l follow -d 'Go on as the log grows'
complete -c modctl -n '__modctl_is logs' -s n -l lines -x -d 'Show that many lines'
complete -c modctl -n '__modctl_is logs' -l since-start -d 'What the current run has written'
complete -c modctl -n '__modctl_is logs' -l stdout -d 'The log of stdout'
complete -c modctl -n '__modctl_is logs' -l stderr -d 'The log of stderr'
complete -c modctl -n '__modctl_is health' -l ready -x -a '(__modctl_processes)' -d 'Must be running'
complete -c modctl -n '__modctl_is health' -l timeout -x -d 'Seconds for the answer'
