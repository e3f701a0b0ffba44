<?php
// php satisfies.php VERSION ASKED: status 0 if that version is one that was asked for, in the words of composer.json:
// 8, 8.2.*, ^8.1, ~8.0, >=7.4 <9, 7.4 || 8.2.
[, $version, $asked] = $argv;

function fits(string $version, string $sign, string $text): bool
{
    $numbers = array_map('intval', array_filter(explode('.', $text), 'is_numeric'));
    if (!$numbers) {
        return true;
    }
    $low = implode('.', $numbers);
    if (in_array($sign, ['<', '<=', '>', '>='], true)) {
        return version_compare($version, $low, $sign);
    }
    // Up to the next version of the last number that counts, which is excluded.
    $counts = match ($sign) {
        '^' => 1,
        '~' => max(1, count($numbers) - 1),
        default => count($numbers),
    };
    $next = array_slice($numbers, 0, $counts);
    $next[$counts - 1]++;
    $inside = version_compare($version, $low, '>=') && version_compare($version, implode('.', $next), '<');
    return $sign === '!=' ? !$inside : $inside;
}

foreach (preg_split('/\|\|?/', $asked) as $range) {
    preg_match_all('/([<>=!^~]*)\s*v?(\d+(?:\.(?:\d+|[x*]))*|[x*])/i', $range, $parts, PREG_SET_ORDER);
    $wrong = array_filter($parts, fn (array $part): bool => !fits($version, $part[1], $part[2]));
    if ($parts && !$wrong) {
        exit(0);
    }
}
exit(1);
