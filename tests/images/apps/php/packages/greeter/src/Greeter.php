<?php

namespace Modinit\Greeter;

final class Greeter
{
    public static function greet(string $whom): string
    {
        return "Hello, $whom, from a package";
    }
}
