<?php
// Until memory_limit, or the container's if there is none.
$all = [];
for (;;) {
    $all[] = str_repeat('x', 1 << 20);
}
