using System.Text;
using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// The tokens with which writing ends: those of a text, of a turn and of a message, which have keys of their own, and tokens that mean the end of a turn
/// wherever they are in a vocabulary, as many files do not name them (llama.cpp's llama-vocab.cpp, special_eog_ids).
/// </summary>
internal static class GgufEndTokens
{
    private static readonly string[] _keys = ["eos", "eot", "eom"];

    private static readonly string[] _known =
    [
        "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>",
        "<|end_of_text|>", "</s>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<end_of_utterance>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
    ];

    private static readonly string[] _otherKeys = ["bos_token_id", "pad_token_id"];

    /// <summary>Their ids, that of the end of a text first where the file names one.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <param name="vocabulary">How many ids there are; a number beyond them is no token's.</param>
    public static IReadOnlyList<int> Ids(GgufMetadata metadata, int vocabulary)
    {
        string[] tokens = metadata.Texts(TokenizerVocabulary.TokensKey) ?? [];
        IEnumerable<int> named = _keys.Select(key => metadata.Number($"tokenizer.ggml.{key}_token_id")).OfType<double>()
            .Where(number => number >= 0 && number < vocabulary).Select(number => (int)number);
        return [.. named.Concat(_known.Select(token => Array.IndexOf(tokens, token)).Where(id => id >= 0)).Distinct()];
    }

    /// <summary>The generation_config.json that they amount to, with the other ids of the config; null where nothing ends a text.</summary>
    public static byte[]? GenerationConfig(GgufMetadata metadata, ModelConfig config)
    {
        IReadOnlyList<int> ends = Ids(metadata, config.VocabularySize);
        if (ends.Count == 0)
        {
            return null;
        }
        var json = new JsonObject { ["eos_token_id"] = new JsonArray([.. ends]) };
        foreach (string key in _otherKeys.Where(config.Source.ContainsKey))
        {
            json[key] = config.Source[key]!.DeepClone();
        }
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
