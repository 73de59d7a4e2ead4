using System.Text;
using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>BPE tokenizers with a handful of pieces.</summary>
internal static class SmallBpe
{
    /// <summary>A tokenizer.json whose pieces have the ids of their places.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="merges">Merges, "a b" each.</param>
    /// <param name="options">Further keys of the model, as JSON, each with a comma behind it.</param>
    /// <param name="parts">Parts of the file as JSON, by key.</param>
    public static TextEncoder FromJson(string[] pieces, string[] merges, string options = "", params (string Key, string Json)[] parts)
    {
        string model = $$"""{"type":"BPE",{{options}}"vocab":{{Vocabulary(pieces)}},"merges":{{JsonSerializer.Serialize(merges)}}}""";
        string json = string.Concat(parts.Select(part => $"\"{part.Key}\":{part.Json},"));
        return TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes($"{{{json}\"model\":{model}}}") });
    }

    public static string Vocabulary(IEnumerable<string> pieces) => JsonSerializer.Serialize(pieces.Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id));

    /// <summary>The model's own two files, and what stands beside them.</summary>
    public static TextEncoder FromFiles(string[] pieces, string merges, string? config = null)
    {
        var files = new Dictionary<string, byte[]> { ["vocab.json"] = Encoding.UTF8.GetBytes(Vocabulary(pieces)), ["merges.txt"] = Encoding.UTF8.GetBytes(merges) };
        if (config is not null)
        {
            files["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config);
        }
        return TextEncoder.FromFiles(files);
    }
}
