fn f () -> Yields < u8 > { :: core :: compile_error ! { "expected curly braces" } return :: festoon :: __private :: absurd () ; # [allow (unreachable_code)] { if 1 yield_ ! (@ broken 3) } ; }
