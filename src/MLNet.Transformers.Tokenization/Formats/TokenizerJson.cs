using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>tokenizer.json, the one file that holds a whole pipeline (format: the tokenizers library's serialisation).</summary>
internal static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    private static readonly Dictionary<string, Func<JsonNode, IPieceModel>> _models = new()
    {
        ["WordPiece"] = ReadWordPiece,
        ["BPE"] = BpeJson.Read,
        ["Unigram"] = UnigramJson.Read,
    };

    public static TokenizerPipeline Read(JsonNode root, TokenizerConfig config)
    {
        IPieceModel model = ReadModel(root.Require("model"));
        AddedTokenList added = new AddedTokenList(model.Vocabulary)
            .Add((root.Get("added_tokens")?.Items ?? []).Select(item => AddedTokenReader.Read(item, item.Require("id").Id)))
            .Add(config.AddedTokens)
            .AddSpecial(config.SpecialTokens);
        return new TokenizerPipeline
        {
            AddedTokens = added.Tokens,
            DefaultTokens = DefaultTokens(model, root.Get("post_processor")?.Get("type")?.Text),
            Normalizer = Configured(root.Get("normalizer") is { } normalizer ? Components.Normalizer(normalizer) : null, config),
            PreTokenizer = Configured(root.Get("pre_tokenizer") is { } preTokenizer ? Components.PreTokenizer(preTokenizer) : null, config),
            Model = model,
            Template = config.Enclosing(added.Id)
                ?? (root.Get("post_processor") is { } processor ? Configured(Templates.Read(processor), processor, config) : Template.Plain),
            Decoder = root.Get("decoder") is { } decoder ? Components.Decoder(decoder) : null,
        };
    }

    // tokenizer_config.json has the last word on lower case, accents and Chinese characters (reference: BertTokenizerFast.__init__).
    private static INormalizer? Configured(INormalizer? normalizer, TokenizerConfig config) => normalizer is BertNormalizer bert
        ? new BertNormalizer(
            bert.CleanText, config.ChineseCharacters ?? bert.ChineseCharacters, config.StripAccents ?? bert.StripAccents, config.Lowercase ?? bert.Lowercase)
        : normalizer;

    // It has the last word on the blank in front too, but not where the pre-tokenizer is one of several (reference: GPT2TokenizerFast.__init__).
    private static IPreTokenizer? Configured(IPreTokenizer? preTokenizer, TokenizerConfig config) => preTokenizer is ByteLevelPreTokenizer byteLevel
        ? byteLevel with { AddPrefixSpace = config.AddPrefixSpace ?? byteLevel.AddPrefixSpace }
        : preTokenizer;

    // And RoBERTa's post-processor has to agree (reference: RobertaTokenizerFast.__init__).
    private static Template Configured(Template template, JsonNode node, TokenizerConfig config)
    {
        if (node.Require("type").Text != "RobertaProcessing")
        {
            return template;
        }
        bool trims = config.TrimOffsets ?? template.Trims.Count > 0;
        bool addPrefixSpace = config.AddPrefixSpace ?? node.Flag("add_prefix_space", true);
        return template with { Trims = trims ? [new OffsetTrim(addPrefixSpace)] : [] };
    }

    private static IPieceModel ReadModel(JsonNode node)
    {
        // Files of the first releases leave the type out; each model has a key of its own.
        string type = node.Get("type")?.Text
            ?? (node.Get("merges") is not null ? "BPE" : node.Get("unk_id") is not null ? "Unigram" : "WordPiece");
        return _models.TryGetValue(type, out Func<JsonNode, IPieceModel>? read) ? read(node) : throw Components.Unknown(node, "model", type, _models.Keys);
    }

    private static WordPieceModel ReadWordPiece(JsonNode node)
    {
        Dictionary<string, int> vocabulary = VocabularyJson.Read(node.Require("vocab"));
        return new WordPieceModel(
            vocabulary, VocabularyJson.Unknown(vocabulary, node.Require("unk_token")), node.Get("continuing_subword_prefix")?.Text ?? "##", node.Get("max_input_chars_per_word")?.Int ?? 100);
    }

    // Older folders of RoBERTa and BART leave their tokens to the class, which the post-processor tells.
    private static IReadOnlyDictionary<string, string> DefaultTokens(IPieceModel model, string? postProcessor) => model switch
    {
        WordPieceModel => VocabTxt.DefaultTokens,
        UnigramModel { UnknownPiece: { } unknown } => new Dictionary<string, string> { ["unk_token"] = unknown },
        _ when postProcessor == "RobertaProcessing" => VocabMerges.RobertaTokens,
        _ => new Dictionary<string, string>(),
    };
}
