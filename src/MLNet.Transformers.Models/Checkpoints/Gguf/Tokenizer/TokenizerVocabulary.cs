using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>The tokens of a GGUF file's tokenizer, and what is put around a text.</summary>
internal sealed class TokenizerVocabulary
{
    public const string PreKey = "tokenizer.ggml.pre";
    public const string TokensKey = "tokenizer.ggml.tokens";
    public const string TypesKey = "tokenizer.ggml.token_type";
    public const string MergesKey = "tokenizer.ggml.merges";
    public const string ScoresKey = "tokenizer.ggml.scores";
    public const string BeginKey = "tokenizer.ggml.add_bos_token";
    public const string EndKey = "tokenizer.ggml.add_eos_token";
    public const string SpacePrefixKey = "tokenizer.ggml.add_space_prefix";

    private readonly GgufMetadata _metadata;
    private readonly GgufSpecialTokens _special;
    private readonly Dictionary<string, int> _ids = [];

    private TokenizerVocabulary(GgufMetadata metadata, string[] tokens, PieceType[] kinds) =>
        (_metadata, Tokens, Kinds, _special) = (metadata, tokens, kinds, GgufSpecialTokens.Read(metadata, tokens.Length));

    public string[] Tokens { get; }

    public PieceType[] Kinds { get; }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public bool AddBegin { get; private init; }

    public bool AddEnd { get; private init; }

    /// <exception cref="CheckpointException">Tokens are missing or there twice, or the lists are not of one length.</exception>
    public static TokenizerVocabulary Read(GgufMetadata metadata)
    {
        string[] tokens = metadata.Texts(TokensKey) ?? throw metadata.InvalidValue(TokensKey, "a list of tokens");
        long[] kinds = metadata.Ints(TypesKey) ?? [.. tokens.Select(_ => (long)PieceType.Normal)];
        if (kinds.Length != tokens.Length || kinds.FirstOrDefault(kind => kind is < (long)PieceType.Normal or > (long)PieceType.Byte, 1) != 1)
        {
            throw metadata.InvalidValue(TypesKey, $"a number from {(int)PieceType.Normal} to {(int)PieceType.Byte} for each of {tokens.Length:N0} tokens");
        }
        bool begins = metadata.Bool(BeginKey) ?? (metadata.Text(GgufTokenizer.ModelKey) == GgufTokenizer.SentencePiece || PreTokenizerJson.AddsBegin(metadata));
        var vocabulary = new TokenizerVocabulary(metadata, tokens, [.. kinds.Select(kind => (PieceType)kind)])
        {
            AddBegin = begins,
            AddEnd = metadata.Bool(EndKey) ?? false,
        };
        for (int id = 0; id < tokens.Length; id++)
        {
            if (!vocabulary._ids.TryAdd(tokens[id], id))
            {
                throw new CheckpointException(
                    $"'{metadata.Path}': '{TokensKey}' has '{tokens[id]}' under the numbers {vocabulary._ids[tokens[id]]} and {id}; expected each token once.");
            }
        }
        return vocabulary;
    }

    /// <summary>The token that has a role; null where none has.</summary>
    public string? TokenOf(string role) => _special[role] is { } id ? Tokens[id] : null;

    /// <summary><c>vocab</c> of a tokenizer.json.</summary>
    public JsonObject ToVocab() => new(Tokens.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(token, id)));

    /// <summary><c>added_tokens</c>: what is found in a text before anything else is done to it.</summary>
    /// <param name="special">Kinds that are special tokens too; those of the user are added, but ordinary.</param>
    public JsonArray ToAddedTokens(params PieceType[] special) => new(
    [
        .. Kinds.Select((kind, id) => (kind, id)).Where(item => item.kind == PieceType.UserDefined || special.Contains(item.kind)).Select(item => new JsonObject
        {
            ["id"] = item.id,
            ["content"] = Tokens[item.id],
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = item.kind != PieceType.UserDefined,
        }),
    ]);

    /// <summary><c>post_processor</c>: the tokens that begin and end a text, each text of a pair with its own.</summary>
    public JsonObject ToTemplate()
    {
        string? begin = AddBegin ? Required(GgufSpecialTokens.Begin, BeginKey) : null;
        string? end = AddEnd ? Required(GgufSpecialTokens.End, EndKey) : null;
        var special = new JsonObject();
        foreach (string token in new[] { begin, end }.OfType<string>().Distinct())
        {
            special[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(_ids[token]), ["tokens"] = new JsonArray(token) };
        }
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Text("A", 0)]),
            ["pair"] = new JsonArray([.. Text("A", 0), .. Text("B", 1)]),
            ["special_tokens"] = special,
        };

        IEnumerable<JsonNode?> Text(string id, int segment)
        {
            JsonObject Item(string kind, string name) => new() { [kind] = new JsonObject { ["id"] = name, ["type_id"] = segment } };
            return [.. begin is null ? [] : new[] { Item("SpecialToken", begin) }, Item("Sequence", id), .. end is null ? [] : new[] { Item("SpecialToken", end) }];
        }
    }

    private string Required(string role, string asked) =>
        TokenOf(role) ?? throw _metadata.InvalidValue(GgufSpecialTokens.KeyOf(role), $"a token, as '{asked}' asks for it");
}
