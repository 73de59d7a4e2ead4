using System.Text.Json;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.Formats;
using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>Puts a tokenizer of Microsoft.ML.Tokenizers, what the options say and what the files of a checkpoint say together.</summary>
internal static class AdapterPipeline
{
    /// <summary>The config of a network.</summary>
    public const string NetworkConfigFile = "config.json";

    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="options">What the user says of it.</param>
    /// <param name="config">tokenizer_config.json and its companions.</param>
    /// <param name="network">The network's config.json; null: none.</param>
    public static TokenizerPipeline Make(Tokenizer tokenizer, TokenizerAdapterOptions options, TokenizerConfig config, JsonNode? network)
    {
        Check(options);
        Dictionary<string, int> vocabulary = ForeignTokenizer.Vocabulary(tokenizer, options.VocabularySize ?? network?.Get("vocab_size")?.Int);
        (int[] front, int[] back) = ForeignTokenizer.Around(tokenizer);
        var inner = new ForeignPieceModel(tokenizer, vocabulary, front.Length, back.Length);
        Dictionary<string, int> roles = Roles(tokenizer, options, vocabulary, config, network);
        Dictionary<int, string> tokens = vocabulary.DistinctBy(item => item.Value).ToDictionary(item => item.Value, item => item.Key);
        // The tokenizer finds them itself.
        IEnumerable<AddedToken> added = roles.Values.Concat(ForeignTokenizer.SpecialTokens(tokenizer).Values).Concat(front).Concat(back).Distinct()
            .Where(tokens.ContainsKey).Select(id => new AddedToken(id, tokens[id], Special: true) { Searched = false });
        return new TokenizerPipeline
        {
            AddedTokens = [.. added], RoleIds = roles, Model = inner, Decoder = new ForeignDecoder(tokenizer, vocabulary),
            Template = Template(tokenizer, options, front, back, roles) ?? config.Enclosing(token => vocabulary.TryGetValue(token, out int id) ? id : null)
                ?? Around(front, back, back),
        };
    }

    /// <summary>The options with all that was found beside them, so that the same comes of them without the network's config.</summary>
    public static TokenizerAdapterOptions Resolved(TokenizerAdapterOptions options, TokenizerPipeline pipeline)
    {
        return options with
        {
            Folder = null, VocabularySize = options.VocabularySize ?? pipeline.Model.Vocabulary.Values.Max() + 1, PadTokenId = Id("pad_token"), UnknownTokenId = Id("unk_token"),
            ClassTokenId = Id("cls_token"), SeparatorTokenId = Id("sep_token"), MaskTokenId = Id("mask_token"), BeginTokenId = Id("bos_token"), EndTokenId = Id("eos_token"),
        };

        int? Id(string role) => pipeline.RoleIds.TryGetValue(role, out int id) ? id : null;
    }

    // How many ids there are is known only where the tokenizer tells; negative ones there are nowhere.
    private static void Check(TokenizerAdapterOptions options)
    {
        (string Name, int? Id)[] ids =
        [
            (nameof(options.PadTokenId), options.PadTokenId), (nameof(options.UnknownTokenId), options.UnknownTokenId), (nameof(options.ClassTokenId), options.ClassTokenId),
            (nameof(options.SeparatorTokenId), options.SeparatorTokenId), (nameof(options.MaskTokenId), options.MaskTokenId), (nameof(options.BeginTokenId), options.BeginTokenId),
            (nameof(options.EndTokenId), options.EndTokenId), .. List(nameof(options.Prefix), options.Prefix), .. List(nameof(options.Between), options.Between),
            .. List(nameof(options.Suffix), options.Suffix),
        ];
        if (options.VocabularySize < 1)
        {
            throw new ArgumentException($"{nameof(TokenizerAdapterOptions)}.{nameof(options.VocabularySize)} is {options.VocabularySize}; expected at least 1.");
        }
        if (ids.FirstOrDefault(item => item.Id < 0 || item.Id >= options.VocabularySize) is { Name: { } name, Id: { } id })
        {
            throw new ArgumentException(
                $"{nameof(TokenizerAdapterOptions)}.{name} is {id}; expected an id, 0 or more{(options.VocabularySize is { } size ? $" and below {nameof(options.VocabularySize)}, which is {size}" : "")}.");
        }

        static IEnumerable<(string, int?)> List(string name, IReadOnlyList<int>? ids) => (ids ?? []).Select((id, i) => ($"{name}[{i}]", (int?)id));
    }

    private static Template? Template(Tokenizer tokenizer, TokenizerAdapterOptions options, int[] front, int[] back, Dictionary<string, int> roles)
    {
        if (tokenizer is BertTokenizer)
        {
            (front, back) = ([roles["cls_token"]], [roles["sep_token"]]);
        }
        else if (options is { Prefix: null, Suffix: null, Between: null })
        {
            return null;
        }
        int[] suffix = [.. options.Suffix ?? back];
        return Around([.. options.Prefix ?? front], [.. options.Between ?? suffix], suffix);
    }

    private static Template Around(int[] prefix, int[] between, int[] suffix) => new(
        [.. Special(prefix, 0), TemplateItem.Text(0, 0), .. Special(suffix, 0)],
        [.. Special(prefix, 0), TemplateItem.Text(0, 0), .. Special(between, 0), TemplateItem.Text(1, 1), .. Special(suffix, 1)]);

    private static TemplateItem[] Special(int[] ids, int typeId) => ids.Length == 0 ? [] : [new TemplateItem(null, ids, typeId)];

    private static Dictionary<string, int> Roles(
        Tokenizer tokenizer, TokenizerAdapterOptions options, Dictionary<string, int> vocabulary, TokenizerConfig config, JsonNode? network)
    {
        Dictionary<string, int?> own = ForeignTokenizer.Roles(tokenizer);
        Dictionary<string, int?> asked = new()
        {
            ["pad_token"] = options.PadTokenId, ["unk_token"] = options.UnknownTokenId, ["cls_token"] = options.ClassTokenId, ["sep_token"] = options.SeparatorTokenId,
            ["mask_token"] = options.MaskTokenId, ["bos_token"] = options.BeginTokenId, ["eos_token"] = options.EndTokenId,
        };
        var roles = new Dictionary<string, int>();
        foreach ((string role, int? id) in asked)
        {
            int? named = config.Role(role) is { } token && vocabulary.TryGetValue(token, out int known) ? known : null;
            if ((id ?? named ?? own.GetValueOrDefault(role) ?? OfNetwork(network, $"{role}_id")) is { } found)
            {
                roles[role] = found;
            }
        }
        return roles;
    }

    // A number, or a list whose first counts.
    private static int? OfNetwork(JsonNode? config, string key) => config?.Get(key) switch
    {
        { Element.ValueKind: JsonValueKind.Number } number => number.Int is >= 0 and var id ? id : null,
        { Element.ValueKind: JsonValueKind.Array } list => list.Items.Select(item => (int?)item.Int).FirstOrDefault(),
        _ => null,
    };
}
