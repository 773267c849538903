"""pluggy behind a typed face: discovery, ordering, attribution of failures, trust."""
