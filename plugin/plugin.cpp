// SPDX-License-Identifier: GPL-2.0-or-later
#include <epan/packet.h>
#include <epan/proto.h>

#include "compat.h"
#include "register.h"

// The exported symbols and nothing else. A constant at namespace scope has internal linkage in C++
// unless it was declared before, hence each is declared first.
// NOLINTBEGIN(readability-identifier-naming): Wireshark looks these names up.
extern "C" {

WS_DLL_PUBLIC const char plugin_version[];
WS_DLL_PUBLIC const int plugin_want_major;
WS_DLL_PUBLIC const int plugin_want_minor;
WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC guint32 plugin_describe(void);

const char plugin_version[] = TCPTEARDOWN_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

void plugin_register(void) {
  static proto_plugin plugin;
  plugin.register_protoinfo = tcpteardown::register_protocol;
  plugin.register_handoff = tcpteardown::register_handoff;
  proto_register_plugin(&plugin);
}

// Since Wireshark 4.4: shown as the plugin's kind. 1 is WS_PLUGIN_DESC_DISSECTOR of
// wsutil/plugins.h, a header that 4.0 does not have.
guint32 plugin_describe(void) { return 1; }
}
// NOLINTEND(readability-identifier-naming)
