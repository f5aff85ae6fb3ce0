fn greet (name : & str) -> String { { shout (move | # [allow (clippy :: restriction)] name : & str | -> String { { ; if name . } } , name) } }
