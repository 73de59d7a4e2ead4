namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>What THUDM's code may add to a ChatGLM of any generation, and this library does not compute.</summary>
internal static class ChatGlm1Additions
{
    /// <exception cref="CheckpointException">config.json asks for a trained prefix or for quantized weights.</exception>
    public static void Refuse(ConfigJson json)
    {
        if (json.Has("pre_seq_len"))
        {
            throw json.Wrong("pre_seq_len", "null; trained prefixes (P-tuning) are not supported");
        }
        if (json.Has("quantization_bit") && json.Int("quantization_bit", 0, 0) != 0)
        {
            throw json.Wrong("quantization_bit", "0; quantized weights of ChatGLM are not supported");
        }
    }
}
