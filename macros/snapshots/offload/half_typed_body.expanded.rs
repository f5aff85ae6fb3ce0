async fn double (n : u32) -> u32 { { :: festoon :: __private :: offload :: run :: < u32 > (:: festoon :: __private :: offload :: DefaultPool , move || -> u32 { { ; n . } }) . await } }
