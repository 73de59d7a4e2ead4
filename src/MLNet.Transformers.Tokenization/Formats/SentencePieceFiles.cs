using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The tokenizers that are made from a SentencePiece model: which file each class of the reference reads, and with what rules.</summary>
internal static class SentencePieceFiles
{
    /// <summary>What a model is called that is used by itself, without the rules of an architecture.</summary>
    public const string ModelAlone = "sentencepiece.model";

    private static readonly Row[] _rows =
    [
        new(["T5Tokenizer", "MT5Tokenizer"], "spiece.model", T5Files.Read),
        new(["LlamaTokenizer"], "tokenizer.model", LlamaFiles.Read),
        new(["GLMChineseTokenizer"], "cog-pretrain.model", GlmChineseFiles.Read),
        new(["ChatGLMTokenizer"], "ice_text.model", ChatGlmFiles.Read),
        new([], ModelAlone, ReadAlone),
    ];

    /// <summary>Names of the files that hold a model.</summary>
    public static IEnumerable<string> FileNames => _rows.Select(row => row.FileName);

    /// <summary>Reads the tokenizer of the model among the files; null where there is none.</summary>
    /// <exception cref="TokenizerException">A file is malformed, or the tokenizer_class is not one that reads it.</exception>
    public static TokenizerPipeline? Read(TokenizerFiles files, TokenizerConfig config)
    {
        Row[] present = [.. _rows.Where(row => files.Get(row.FileName) is not null)];
        if (present.Length == 0)
        {
            return null;
        }
        Row row = config.ClassName is { } name && present[0].Classes.Length > 0
            ? present.FirstOrDefault(candidate => candidate.Classes.Contains(name)) ?? throw Unknown(files, name, present)
            : present[0];
        string label = files.Label(row.FileName);
        return row.Read(new SentencePieceSource(SentencePieceModelFile.Read(files.Get(row.FileName), label), label, config));
    }

    private static TokenizerException Unknown(TokenizerFiles files, string name, Row[] present) => new(
        $"'{files.Label(TokenizerConfig.FileName)}': 'tokenizer_class' is '{name}', which is not supported with '{string.Join("', '", present.Select(row => row.FileName))}'; "
        + $"expected {string.Join(", ", present.SelectMany(row => row.Classes))}, or a {TokenizerJson.FileName}.");

    private static TokenizerPipeline ReadAlone(SentencePieceSource source) => new()
    {
        AddedTokens = [], Normalizer = source.WithCase(new SentencePieceNormalizer(source.Model)), Model = source.PieceModel(),
        Decoder = new SentencePieceDecoder(source.Model), DefaultTokens = source.Model.Roles,
    };

    private sealed record Row(string[] Classes, string FileName, Func<SentencePieceSource, TokenizerPipeline> Read);
}

/// <summary>A SentencePiece model and what the files beside it say.</summary>
/// <param name="Model">The model.</param>
/// <param name="Label">What errors call its file.</param>
/// <param name="Config">The files beside it.</param>
internal sealed record SentencePieceSource(SentencePieceModel Model, string Label, TokenizerConfig Config)
{
    /// <summary>What splits texts.</summary>
    public IPieceModel PieceModel() => Model.Algorithm == SentencePieceAlgorithm.Bpe ? new SentencePieceBpeModel(Model) : Unigram();

    /// <summary>The normalizer, after lower case where the files ask for it.</summary>
    public INormalizer WithCase(INormalizer normalizer) =>
        Config.Lowercase == true ? new SequenceNormalizer([LowercaseNormalizer.Instance, normalizer]) : normalizer;

    /// <summary>A setting of tokenizer_config.json.</summary>
    public JsonNode? Setting(string key) => Config.Main?.Get(key);

    public bool Flag(string key, bool defaultValue) => Config.Main?.Flag(key, defaultValue) ?? defaultValue;

    /// <summary>Refuses settings that would change how SentencePiece itself works.</summary>
    public void RefuseModelSettings()
    {
        if (Setting("sp_model_kwargs") is { } settings && settings.Properties.Any())
        {
            throw settings.InvalidValue("no settings, for none of SentencePiece's own are supported");
        }
    }

    private UnigramModel Unigram()
    {
        float[] normal = [.. Model.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score)];
        float lowest = normal.Length == 0 ? float.MaxValue : normal.Min();
        // SentencePiece begins with the smallest positive float32, which is what a model of negative scores keeps.
        float highest = normal.Aggregate(1.17549435e-38f, Math.Max);
        return new UnigramModel(
            Model.Ids,
            Model.Pieces.Select((piece, id) => (piece, id))
                .Where(item => item.piece.Type is PieceType.Normal or PieceType.UserDefined)
                .Select(item => (item.piece.Text, item.id)),
            [.. Model.Pieces.Select(piece => Score(piece, highest))],
            UnigramRules.SentencePiece(lowest, Model.UnknownId, Model.ByteIds));
    }

    // A piece of the user's own is nearly free, so that it is always taken.
    private static double Score(SentencePieceEntry piece, float highest) => piece.Type == PieceType.UserDefined
        ? (System.Text.Encoding.UTF8.GetByteCount(piece.Text) * highest) - 0.1
        : piece.Score;
}
