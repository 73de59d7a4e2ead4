namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>What tokenizer_config.json, special_tokens_map.json and added_tokens.json say beside the tokenizer itself.</summary>
internal sealed class TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string AddedTokensFile = "added_tokens.json";

    // Python writes its largest integer, 1e30, where there is no limit.
    private const double NoLimit = 1e9;

    private readonly Dictionary<string, string> _roles = [];

    public static IReadOnlyList<string> FileNames { get; } = [FileName, SpecialTokensFile, AddedTokensFile];

    public bool? Lowercase { get; private init; }

    public bool? StripAccents { get; private init; }

    public bool? ChineseCharacters { get; private init; }

    public bool CleanUpSpaces { get; private init; }

    public int? ModelMaxLength { get; private init; }

    public Side PaddingSide { get; private init; }

    public Side TruncationSide { get; private init; }

    /// <summary>Tokens that the files list with their ids.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; private init; } = [];

    public static TokenizerConfig Read(IReadOnlyDictionary<string, byte[]> files)
    {
        JsonNode? main = Node(FileName);
        JsonNode? added = Node(AddedTokensFile);
        var config = new TokenizerConfig
        {
            Lowercase = main?.Get("do_lower_case")?.Bool,
            StripAccents = main?.Get("strip_accents")?.Bool,
            ChineseCharacters = main?.Get("tokenize_chinese_chars")?.Bool,
            CleanUpSpaces = main?.Flag("clean_up_tokenization_spaces", false) ?? false,
            ModelMaxLength = MaxLength(main?.Get("model_max_length")),
            PaddingSide = ReadSide(main?.Get("padding_side")),
            TruncationSide = ReadSide(main?.Get("truncation_side")),
            AddedTokens = [.. Decoder(main?.Get("added_tokens_decoder")), .. Plain(added)],
        };
        config.ReadRoles(Node(SpecialTokensFile));
        config.ReadRoles(main);
        return config;

        JsonNode? Node(string name) => files.TryGetValue(name, out byte[]? content) ? JsonNode.Parse(content, name) : null;
    }

    /// <summary>The token of a role such as "pad_token"; null where the files name none.</summary>
    public string? Role(string name) => _roles.GetValueOrDefault(name);

    private static int? MaxLength(JsonNode? node)
    {
        if (node is not { } value)
        {
            return null;
        }
        double length = value.Element.ValueKind == System.Text.Json.JsonValueKind.Number ? value.Element.GetDouble() : throw value.Wrong("a number");
        return length is >= 1 and < NoLimit ? (int)length : null;
    }

    private static Side ReadSide(JsonNode? node) => node?.Text switch
    {
        null or "right" => Side.Right,
        "left" => Side.Left,
        _ => throw node.Value.Wrong("\"right\" or \"left\""),
    };

    private static IEnumerable<AddedToken> Decoder(JsonNode? node) => node is not { } map ? [] : map.Properties.Select(item =>
        int.TryParse(item.Key, out int id) ? AddedTokenReader.Read(item.Value, id) : throw item.Value.Wrong("an entry under a token id"));

    private static IEnumerable<AddedToken> Plain(JsonNode? node) => node is not { } map ? [] : map.Properties.Select(item =>
        new AddedToken(item.Value.Int, item.Key, Special: false, Normalized: true));

    // A token is a string, or an object with its text under "content".
    private void ReadRoles(JsonNode? node)
    {
        foreach ((string key, JsonNode value) in node?.Properties ?? [])
        {
            if (key.EndsWith("_token", StringComparison.Ordinal))
            {
                string? token = value.Element.ValueKind switch
                {
                    System.Text.Json.JsonValueKind.String => value.Text,
                    System.Text.Json.JsonValueKind.Object => value.Require("content").Text,
                    _ => null,
                };
                if (token is not null)
                {
                    _roles[key] = token;
                }
            }
        }
    }
}

internal static class AddedTokenReader
{
    public static AddedToken Read(JsonNode node, int id) => new(
        id, node.Require("content").Text, node.Flag("special", false), node.Flag("single_word", false), node.Flag("lstrip", false),
        node.Flag("rstrip", false), node.Flag("normalized", true));
}
