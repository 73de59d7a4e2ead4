using System.Text.Json;
using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>What tokenizer_config.json, special_tokens_map.json and added_tokens.json say beside the tokenizer itself.</summary>
internal sealed class TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    private const string SpecialTokensFile = "special_tokens_map.json";
    private const string AddedTokensFile = "added_tokens.json";

    // Python writes its largest integer, 1e30, where there is no limit.
    private const double NoLimit = 1e9;

    private static readonly string[] _generalClasses = ["PreTrainedTokenizer", "TokenizersBackend"];

    private static readonly string[] _specialTokenLists = ["additional_special_tokens", "extra_special_tokens", "model_specific_special_tokens"];

    /// <summary>The roles that every tokenizer of the reference can fill, in the order in which it adds tokens that a vocabulary lacks.</summary>
    public static IReadOnlyList<string> UsualRoles { get; } = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly Dictionary<string, string> _roles = new(StringComparer.Ordinal);
    private readonly List<string> _extra = [];

    public static IReadOnlyList<string> FileNames { get; } = [FileName, SpecialTokensFile, AddedTokensFile];

    public bool? Lowercase { get; private init; }

    public bool? StripAccents { get; private init; }

    public bool? ChineseCharacters { get; private init; }

    /// <summary>The reference's class, without the "Fast" at its end; null where the files name none, or one that says nothing of the tokenizer.</summary>
    public string? ClassName { get; private init; }

    public bool? AddPrefixSpace { get; private init; }

    public bool? TrimOffsets { get; private init; }

    public bool? AddBeginToken { get; private init; }

    public bool? AddEndToken { get; private init; }

    public bool CleanUpSpaces { get; private init; }

    public int? ModelMaxLength { get; private init; }

    public Side PaddingSide { get; private init; }

    public Side TruncationSide { get; private init; }

    /// <summary>tokenizer_config.json itself, for what only one kind of tokenizer asks for.</summary>
    public JsonNode? Main { get; private init; }

    /// <summary>Tokens that the files list with their ids.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; private set; } = [];

    /// <summary>Tokens that the files call special, with a role or without.</summary>
    public IEnumerable<string> SpecialTokens => UsualRoles.Select(Role).OfType<string>().Concat(_roles.Values).Concat(_extra).Distinct(StringComparer.Ordinal);

    /// <summary>The tokens that have a role, by role ("bos_token").</summary>
    public IReadOnlyDictionary<string, string> Roles => _roles;

    public static TokenizerConfig Read(TokenizerFiles files)
    {
        JsonNode? main = files.Json(FileName);
        string? className = main?.Get("tokenizer_class")?.Text is { } name ? name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name : null;
        className = _generalClasses.Contains(className) ? null : className;
        var defaults = ClassDefaults.Of(className);
        var config = new TokenizerConfig
        {
            Main = main,
            Lowercase = main?.Get("do_lower_case")?.Bool,
            StripAccents = main?.Get("strip_accents")?.Bool,
            ChineseCharacters = main?.Get("tokenize_chinese_chars")?.Bool,
            ClassName = className,
            AddPrefixSpace = main?.Get("add_prefix_space")?.Bool,
            TrimOffsets = main?.Get("trim_offsets")?.Bool,
            AddBeginToken = main?.Get("add_bos_token")?.Bool,
            AddEndToken = main?.Get("add_eos_token")?.Bool,
            CleanUpSpaces = main?.Get("clean_up_tokenization_spaces")?.Bool ?? defaults.CleansUpSpaces,
            ModelMaxLength = MaxLength(main?.Get("model_max_length")),
            PaddingSide = ReadSide(main?.Get("padding_side")) ?? defaults.PaddingSide,
            TruncationSide = ReadSide(main?.Get("truncation_side")) ?? defaults.TruncationSide,
        };
        config.ReadSpecialTokens(files.Json(SpecialTokensFile));
        config.ReadSpecialTokens(main);
        config.AddedTokens = [.. Decoder(main?.Get("added_tokens_decoder")), .. config.Plain(files.Json(AddedTokensFile))];
        return config;
    }

    /// <summary>The token of a role such as "pad_token"; null where the files name none.</summary>
    public string? Role(string name) => _roles.GetValueOrDefault(name);

    /// <summary>
    /// The template that add_bos_token and add_eos_token ask for; null where the files say neither. It comes before the one of a tokenizer.json
    /// (reference: TokenizersBackend.update_post_processor).
    /// </summary>
    /// <param name="idOf">The id of a token; null where there is none.</param>
    public Template? Enclosing(Func<string, int?> idOf)
    {
        return AddBeginToken is null && AddEndToken is null ? null : Template.Enclosed(Id(AddBeginToken, "bos_token"), Id(AddEndToken, "eos_token"));

        int? Id(bool? isAdded, string role) => isAdded == true && Role(role) is { } token
            ? idOf(token) ?? throw new TokenizerException($"'{FileName}' asks for the {role} '{token}' in each text, but the vocabulary lacks it.")
            : null;
    }

    private static int? MaxLength(JsonNode? node)
    {
        if (node is not { } value)
        {
            return null;
        }
        double length = value.Element.ValueKind == JsonValueKind.Number ? value.Element.GetDouble() : throw value.InvalidValue("a number");
        return length is >= 1 and < NoLimit ? (int)length : null;
    }

    private static Side? ReadSide(JsonNode? node) => node?.Text switch
    {
        null => null,
        "right" => Side.Right,
        "left" => Side.Left,
        _ => throw node.Value.InvalidValue("\"right\" or \"left\""),
    };

    private static IEnumerable<AddedToken> Decoder(JsonNode? node) => node is not { } map ? [] : map.Properties.Select(item =>
        int.TryParse(item.Key, out int id) && id >= 0 ? AddedTokenReader.Read(item.Value, id) : throw item.Value.InvalidValue("an entry under a token id"));

    // Special tokens are looked for as they are written, the others in the normalized text (reference: tokenization_utils_base.py, _from_pretrained).
    private IEnumerable<AddedToken> Plain(JsonNode? node)
    {
        HashSet<string> special = [.. SpecialTokens];
        return node is not { } map ? [] : map.Properties.Select(item =>
            new AddedToken(item.Value.Id, item.Key, Special: special.Contains(item.Key), Normalized: !special.Contains(item.Key)));
    }

    private void ReadSpecialTokens(JsonNode? file)
    {
        foreach ((string key, JsonNode value) in file?.Properties ?? [])
        {
            if (key.EndsWith("_token", StringComparison.Ordinal) && Content(value) is { } token)
            {
                _roles[key] = token;
            }
            else if (_specialTokenLists.Contains(key) && value.Element.ValueKind is JsonValueKind.Array)
            {
                _extra.AddRange(value.Items.Select(Content).OfType<string>());
            }
            else if (_specialTokenLists.Contains(key) && value.Element.ValueKind is JsonValueKind.Object)
            {
                // A map from the names of further roles.
                foreach ((string role, JsonNode item) in value.Properties)
                {
                    _roles[role] = Content(item) ?? throw item.InvalidValue("a token");
                }
            }
        }
    }

    // A token is a string, or an object with its text under "content"; add_bos_token and its like are neither.
    private static string? Content(JsonNode token) => token.Element.ValueKind switch
    {
        JsonValueKind.String => token.Text,
        JsonValueKind.Object => token.Require("content").Text,
        _ => null,
    };
}

internal static class AddedTokenReader
{
    public static AddedToken Read(JsonNode node, int id) => new(
        id, node.Require("content").Text, node.Flag("special", false), node.Flag("single_word", false), node.Flag("lstrip", false),
        node.Flag("rstrip", false), node.Flag("normalized", true));
}
