namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>What THUDM's code may add to a ChatGLM of any generation, and this library does not compute.</summary>
internal static class ChatGlm1Additions
{
    /// <exception cref="CheckpointException">config.json asks for a trained prefix or for quantized weights.</exception>
    public static void Refuse(ConfigKeys keys)
    {
        keys.Require(!keys.Json.Has("pre_seq_len"), "pre_seq_len", "null; trained prefixes (P-tuning) are not supported");
        keys.Require(
            !keys.Json.Has("quantization_bit") || keys.Json.Int("quantization_bit", 0, 0) == 0, "quantization_bit", "0; quantized weights of ChatGLM are not supported");
    }
}
