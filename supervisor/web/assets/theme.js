// Before anything is painted: the theme somebody chose here, if not the system's.
"use strict";
try {
  const theme = localStorage.getItem("modinit.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Without storage the system's theme is used.
}
