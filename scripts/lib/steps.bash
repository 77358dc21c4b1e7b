# Steps of a test run and their counts; sourced by scripts/test after common.bash. From begin_steps on the
# script ends with "N passed, N failed, N skipped" and exit 1 if anything failed, whatever happens.

begin_steps() {
    passed=0 failed=0 skipped=0 notes=() times=() ended=no
    logs=$(mktemp -d)
    trap finish EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}
end_steps() { ended=yes; }

finish() {
    local status=$?
    if [ $ended = no ]; then
        failed=$((failed + 1))
        notes+=("FAIL    ended before all steps were done (exit $status)")
    fi
    rm -rf "$logs"
    printf '\n'
    if [ ${#times[@]} -gt 0 ]; then printf '%s\n' "${times[@]}" ''; fi
    if [ ${#notes[@]} -gt 0 ]; then printf '%s\n' "${notes[@]}" ''; fi
    printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
    exit $((failed > 0)) # without a number it would be the status from before
}

skip() { # TITLE REASON
    skipped=$((skipped + 1))
    notes+=("SKIP    $1: $2")
}

# Runs a command as one check or, if it prints a line "N passed, N failed, N skipped", as so many.
step() { # TITLE COMMAND...
    local title=$1 begin=$SECONDS status log=$logs/step counts p f s line
    shift
    printf '\n== %s\n' "$title"
    "$@" 2>&1 </dev/null | tee "$log"
    status=${PIPESTATUS[0]}
    counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
    if [ -z "$counts" ]; then
        p=$((status == 0)) f=$((status != 0)) s=0
        if [ "$status" = 0 ]; then counts=ok; else counts="failed (exit $status)"; fi
    else
        read -r p _ f _ s _ <<<"$counts"
        while read -r line; do notes+=("$line"); done < <(grep -E '^(SKIP|FAIL) ' "$log")
    fi
    if [ "$status" != 0 ] && [ "$f" = 0 ]; then f=1 counts+=" (exit $status)"; fi
    if [ "$f" != 0 ]; then notes+=("FAIL    step: $title"); fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    times+=("$(printf '%5d s  %-34s %s' $((SECONDS - begin)) "$title" "$counts")")
    return "$status"
}

quietly() { # shows the output only of what fails
    local status=0
    "$@" >"$logs/output" 2>&1 || status=$?
    if [ $status != 0 ]; then tail -n 60 "$logs/output"; fi
    return $status
}
