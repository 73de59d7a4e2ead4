using System.Globalization;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// The ids of a GGUF file's tokens with a role. A number that is no token's, such as 4294967295 or the vocabulary's size, means that there is none: the
/// default of the kind of tokenizer counts, with a warning (source: llama.cpp's llama-vocab.cpp).
/// </summary>
internal sealed class GgufSpecialTokens
{
    public const string Begin = "bos";
    public const string End = "eos";
    public const string Unknown = "unknown";
    public const string Padding = "padding";

    private const string Prefix = "tokenizer.ggml.";
    private const string Suffix = "_token_id";

    // SentencePiece's. For byte-level tokenizers llama.cpp takes 11, the end of text in one vocabulary and a comma in most.
    private static readonly Dictionary<string, int> _defaults = new() { [Unknown] = 0, [Begin] = 1, [End] = 2 };

    private readonly Dictionary<string, int> _ids = [];
    private readonly List<string> _warnings = [];

    /// <summary>What was found that is no token's id.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The id of a role; null where there is none.</summary>
    public int? this[string role] => _ids.TryGetValue(role, out int id) ? id : null;

    public static string KeyOf(string role) => Prefix + role + Suffix;

    /// <summary>Reads all roles.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <param name="tokens">How many tokens there are.</param>
    /// <exception cref="CheckpointException">A value is no number.</exception>
    public static GgufSpecialTokens Read(GgufMetadata metadata, long tokens)
    {
        var special = new GgufSpecialTokens();
        foreach (string key in metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            special.Add(key[Prefix.Length..^Suffix.Length], metadata, tokens);
        }
        return special;
    }

    private void Add(string role, GgufMetadata metadata, long tokens)
    {
        string key = KeyOf(role);
        double number = metadata.Number(key)!.Value;
        if (double.IsInteger(number) && number >= 0 && number < tokens)
        {
            _ids[role] = (int)number;
            return;
        }
        string instead = "there is none";
        if (metadata.Text(GgufTokenizer.ModelKey) == GgufTokenizer.SentencePiece && _defaults.TryGetValue(role, out int id) && id < tokens)
        {
            _ids[role] = id;
            instead = string.Create(CultureInfo.InvariantCulture, $"the format's default {id} is taken");
        }
        _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"'{metadata.Path}': the metadata '{key}' is {number}, the number of none of its {tokens} tokens; {instead}."));
    }
}
