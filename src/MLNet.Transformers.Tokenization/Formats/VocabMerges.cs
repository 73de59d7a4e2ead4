using System.Text;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// Byte-level BPE in two files, vocab.json (pieces and ids) and merges.txt (a merge a line), as GPT-2, RoBERTa and BART are published; OpenAI calls
/// them encoder.json and vocab.bpe (openai/gpt-2 encoder.py; reference: tokenization_gpt2.py, tokenization_roberta.py).
/// </summary>
internal static class VocabMerges
{
    public const string VocabularyName = "vocab.json";
    public const string MergesName = "merges.txt";

    private static readonly (string Vocabulary, string Merges)[] _names = [(VocabularyName, MergesName), ("encoder.json", "vocab.bpe")];

    // Whether a class of the reference encloses texts as RoBERTa does.
    private static readonly Dictionary<string, bool> _isRoberta = new()
    {
        ["GPT2Tokenizer"] = false, ["CodeGenTokenizer"] = false, ["RobertaTokenizer"] = true, ["BartTokenizer"] = true, ["LongformerTokenizer"] = true,
        ["LEDTokenizer"] = true, ["MvpTokenizer"] = true,
    };

    private static readonly Dictionary<string, string> _gpt2Tokens = new()
    {
        ["bos_token"] = "<|endoftext|>", ["eos_token"] = "<|endoftext|>", ["unk_token"] = "<|endoftext|>",
    };

    /// <summary>RoBERTa's and BART's tokens by role, where tokenizer_config.json names none.</summary>
    public static IReadOnlyDictionary<string, string> RobertaTokens { get; } = new Dictionary<string, string>
    {
        ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["cls_token"] = "<s>", ["sep_token"] = "</s>", ["pad_token"] = "<pad>", ["unk_token"] = "<unk>",
        ["mask_token"] = "<mask>",
    };

    /// <summary>The names that the two files can have.</summary>
    public static IEnumerable<string> FileNames => _names.SelectMany(names => (string[])[names.Vocabulary, names.Merges]);

    /// <summary>The tokenizer; null where there is no vocabulary.</summary>
    public static TokenizerPipeline? Read(TokenizerFiles files, TokenizerConfig config)
    {
        if (_names.FirstOrDefault(names => files.Get(names.Vocabulary) is not null) is not { Vocabulary: { } vocabularyName, Merges: var mergesName })
        {
            return null;
        }
        JsonNode json = files.Json(vocabularyName)!.Value;
        Dictionary<string, int> vocabulary = VocabularyJson.Read(json);
        byte[] merges = files.Get(mergesName)
            ?? throw new TokenizerException($"'{json.File}' is half a tokenizer: its merges, '{mergesName}', are missing beside it.");
        var model = new BpeModel(vocabulary, ReadMerges(merges, files.Label(mergesName), vocabulary), new BpeOptions());
        return IsRoberta(vocabulary, config, json.File) ? Roberta(model, config, json.File) : Gpt2(model, config);
    }

    // Before tokenizer_config.json the vocabulary says it: RoBERTa's has the tokens that begin and end a text.
    private static bool IsRoberta(Dictionary<string, int> vocabulary, TokenizerConfig config, string file)
    {
        if (config.ClassName is not { } name)
        {
            return vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("</s>");
        }
        return _isRoberta.TryGetValue(name, out bool isRoberta) ? isRoberta : throw new TokenizerException(
            $"'{TokenizerConfig.FileName}' beside '{file}' names the tokenizer_class '{name}'; known with such files are {string.Join(", ", _isRoberta.Keys.Order(StringComparer.Ordinal))}. A tokenizer.json would do.");
    }

    private static TokenizerPipeline Gpt2(BpeModel model, TokenizerConfig config)
    {
        AddedTokenList added = AddedTokens(model, config, _gpt2Tokens);
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            DefaultTokens = _gpt2Tokens,
            PreTokenizer = new ByteLevelPreTokenizer(config.AddPrefixSpace ?? false, UseRegex: true),
            Model = model,
            Template = config.Enclosing(added.Id) ?? Template.Plain,
            Decoder = new ByteLevelDecoder(),
        };
    }

    private static TokenizerPipeline Roberta(BpeModel model, TokenizerConfig config, string file)
    {
        AddedTokenList added = AddedTokens(model, config, RobertaTokens);
        bool addPrefixSpace = config.AddPrefixSpace ?? false;
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            DefaultTokens = RobertaTokens,
            // Once a text, and not where it begins with white space: not what a tokenizer.json does (reference: prepare_for_tokenization).
            BeginsWithBlank = addPrefixSpace,
            EmptyPairCounts = true,
            PreTokenizer = new ByteLevelPreTokenizer(AddPrefixSpace: false, UseRegex: true),
            Model = model,
            Template = Template.Roberta(Required("cls_token"), Required("sep_token")) with
            {
                Trims = config.TrimOffsets ?? true ? [new OffsetTrim(addPrefixSpace)] : [],
            },
            Decoder = new ByteLevelDecoder(),
        };

        int Required(string role)
        {
            string token = config.Role(role) ?? RobertaTokens[role];
            return added.Id(token) ?? throw new TokenizerException($"'{file}' has {model.Vocabulary.Count:N0} pieces, but not the {role} '{token}'.");
        }
    }

    // A mask takes the blank before it, like a word.
    private static AddedTokenList AddedTokens(BpeModel model, TokenizerConfig config, IReadOnlyDictionary<string, string> defaults)
    {
        string? mask = config.Role("mask_token") ?? defaults.GetValueOrDefault("mask_token");
        return new AddedTokenList(model.Vocabulary).Add(config.AddedTokens)
            .AddSpecial(defaults.Select(item => config.Role(item.Key) ?? item.Value).Where(model.Vocabulary.ContainsKey), Make)
            .AddSpecial(config.SpecialTokens, Make);

        AddedToken Make(int id, string content) => new(id, content, Special: true, StripsLeft: content == mask, Normalized: content != mask);
    }

    private static BpeMergeTable ReadMerges(byte[] content, string label, Dictionary<string, int> vocabulary)
    {
        string[] lines = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetString(content).TrimEnd('\r', '\n').Split('\n');
        var merges = new BpeMerges(vocabulary, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (BpeMerges.IsVersion(line) || (line.Length == 0 && lines.Length == 1))
            {
                continue;
            }
            int number = i + 1;
            (string left, string right) = BpeMerges.Pair(line)
                ?? throw new TokenizerException($"'{label}': line {number} is '{line}'; expected two pieces with a blank between them.");
            merges.Add(left, right, piece => throw new TokenizerException($"'{label}': line {number} is '{line}', but the vocabulary has no piece '{piece}'."));
        }
        return merges.Count > 0 || vocabulary.Keys.FirstOrDefault(piece => IsMerged(piece, vocabulary)) is not { } merged
            ? merges.Table
            : throw new TokenizerException($"'{label}' holds no merge, but the vocabulary has pieces that only merges make, such as '{merged}'; expected a line of two pieces for each.");
    }

    private static bool IsMerged(string piece, Dictionary<string, int> vocabulary) =>
        Enumerable.Range(1, Math.Max(0, piece.Length - 1)).Any(at => vocabulary.ContainsKey(piece[..at]) && vocabulary.ContainsKey(piece[at..]));
}
