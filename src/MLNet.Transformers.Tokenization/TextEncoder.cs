using System.Diagnostics.CodeAnalysis;
using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Formats;
using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization;

/// <summary>A checkpoint's tokenizer: from text to token ids with their places in the text, and back. Immutable, and usable by many threads at once.</summary>
public sealed partial class TextEncoder
{
    private readonly TokenizerPipeline _pipeline;
    private readonly TokenizerConfig _config;
    private readonly TextSplitter _splitter;
    private readonly TokenTable _table;
    private readonly Func<int, string> _tokenOf;
    private readonly ChatTemplateSet _chat;

    private TextEncoder(TokenizerFiles files, TokenizerPipeline pipeline, TokenizerConfig config)
    {
        (Files, _pipeline, _config) = (files.Contents, pipeline, config);
        _chat = new ChatTemplateSet(files, config.Roles);
        _splitter = new TextSplitter(pipeline);
        _table = new TokenTable(pipeline.Model.Vocabulary, pipeline.AddedTokens, _splitter.Normalize);
        _tokenOf = id => _table.Token(id) ?? "";
    }

    /// <summary>The files that the tokenizer was read from, by name, as they were.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>Number of tokens, added ones included.</summary>
    public int VocabularySize => _table.Count;

    /// <summary>The highest id; the embedding table of a network needs one row more.</summary>
    public int MaxId => _table.MaxId;

    /// <summary>The id that fills up shorter sequences; null where there is none.</summary>
    public int? PadTokenId => Role("pad_token");

    /// <summary>The id of unknown words.</summary>
    public int? UnknownTokenId => Role("unk_token");

    /// <summary>The id in front of a sequence that stands for all of it ([CLS]).</summary>
    public int? ClassTokenId => Role("cls_token");

    /// <summary>The id between texts ([SEP]).</summary>
    public int? SeparatorTokenId => Role("sep_token");

    /// <summary>The id of a word to be guessed ([MASK]).</summary>
    public int? MaskTokenId => Role("mask_token");

    /// <summary>The id that begins a sequence.</summary>
    public int? BeginTokenId => Role("bos_token");

    /// <summary>The id that ends a sequence.</summary>
    public int? EndTokenId => Role("eos_token");

    /// <summary>Most tokens of a sequence, as tokenizer_config.json says; null where it says nothing.</summary>
    public int? ModelMaxLength => _config.ModelMaxLength;

    /// <summary>The end that padding goes to by default.</summary>
    public Side PaddingSide => _config.PaddingSide;

    /// <summary>The end that is cut.</summary>
    public Side TruncationSide => _config.TruncationSide;

    /// <summary>What tokenizer.json says of truncation, or null; never applied unasked.</summary>
    public FileTruncation? FileTruncation => _pipeline.Truncation;

    /// <summary>What tokenizer.json says of padding, or null; never applied unasked.</summary>
    public FilePadding? FilePadding => _pipeline.Padding;

    /// <summary>Reads the tokenizer of a checkpoint folder: tokenizer.json, else the model's own file, with tokenizer_config.json and its companions.</summary>
    /// <exception cref="TokenizerException">There is none, or a file is malformed.</exception>
    public static TextEncoder FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        IEnumerable<string> names = [TokenizerJson.FileName, .. OwnFiles.Names, .. TokenizerConfig.FileNames, .. ChatTemplateFiles.NamesIn(folder)];
        Dictionary<string, byte[]> files = names.Where(name => File.Exists(Path.Combine(folder, name)))
            .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));
        return Read(new TokenizerFiles(files, name => Path.Combine(folder, name)), $"The folder '{folder}' has no tokenizer");
    }

    /// <summary>Reads one tokenizer file: a tokenizer.json, a file of Tiktoken's ranks, a SentencePiece model by itself, or a vocab.txt of WordPiece pieces.</summary>
    /// <param name="path">
    /// The file; *.json is read as tokenizer.json, what begins as Tiktoken's ranks do as these, *.model else as a SentencePiece model without the rules
    /// of an architecture, anything else as vocab.txt.
    /// </param>
    /// <param name="settings">What the file leaves open.</param>
    /// <exception cref="TokenizerException">It is not there, or malformed.</exception>
    public static TextEncoder FromFile(string path, TokenizerSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string name = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? TokenizerJson.FileName : OwnFiles.NameOf(path);
        return FromFiles(new Dictionary<string, string> { [name] = path }, settings);
    }

    /// <summary>Reads byte-level BPE from its two files, whatever they are called: vocab.json and merges.txt, or encoder.json and vocab.bpe.</summary>
    /// <param name="vocabularyPath">The JSON file of pieces and ids.</param>
    /// <param name="mergesPath">The text file of merges, one a line.</param>
    /// <param name="settings">
    /// What the files leave open. Texts are enclosed as RoBERTa's are (<c>&lt;s&gt; … &lt;/s&gt;</c>) where the vocabulary has both tokens, else nothing
    /// is put around them, as GPT-2 does.
    /// </param>
    /// <exception cref="TokenizerException">One is not there, or malformed.</exception>
    public static TextEncoder FromVocabularyAndMerges(string vocabularyPath, string mergesPath, TokenizerSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(vocabularyPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(mergesPath);
        return FromFiles(new Dictionary<string, string> { [VocabMerges.VocabularyName] = vocabularyPath, [VocabMerges.MergesName] = mergesPath }, settings);
    }

    /// <summary>Reads a tokenizer from the contents of its files.</summary>
    /// <param name="files">Contents by name, as <see cref="Files"/> gives them.</param>
    /// <exception cref="TokenizerException">No tokenizer is among them, or one is malformed.</exception>
    public static TextEncoder FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Read(new TokenizerFiles(new Dictionary<string, byte[]>(files)), $"Among the files {string.Join(", ", files.Keys)} is no tokenizer");
    }

    /// <summary>Writes the files into a folder, each in one step.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] content) in Files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(content));
        }
    }

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text; null counts as empty. Lone surrogates count as U+FFFD.</param>
    /// <param name="pair">The second text; null: there is none. An empty one is none either, but for T5's and LLaMA's own files, where it is a text of no tokens.</param>
    /// <param name="options">Null: with special tokens, at full length.</param>
    /// <exception cref="ArgumentException"><see cref="EncodeOptions.MaxTokens"/> leaves no room for the special tokens, or the text that may be cut is too short.</exception>
    public TokenEncoding Encode(string? text, string? pair = null, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        int enough = options.MaxTokens ?? int.MaxValue;
        PieceRange first = Read(text ?? "", enough);
        PieceRange? second = HasPair(pair) ? Read(pair, enough) : null;
        IReadOnlyList<TemplateItem> template = TemplateFor(second is not null, options);
        int room = Room(template, options);
        (int keepFirst, int keepSecond) = Truncation.Keep(first.Length, second?.Length, room, options.Truncation);
        PieceRange none = new(new PieceList(), 0, 0);
        TokenEncoding encoding = EncodingAssembler.Assemble(template, _pipeline.Template.Trims, Cut(first, keepFirst), Cut(second ?? none, keepSecond), _tokenOf);
        encoding.DroppedTokens = first.Length - keepFirst + (second?.Length ?? 0) - keepSecond;
        return encoding;
    }

    /// <summary>
    /// Encodes a text that is longer than fits as several windows, each with its special tokens and, for a pair, with the other text. Where
    /// <see cref="TruncationSide"/> is the left, the first window is the end of the text, and the others lie before it.
    /// </summary>
    /// <param name="text">The text; cut into windows where there is no pair, or where the options say <see cref="TruncationStrategy.OnlyFirst"/>.</param>
    /// <param name="pair">The second text; cut into windows where the options say <see cref="TruncationStrategy.OnlySecond"/>.</param>
    /// <param name="options">With <see cref="EncodeOptions.MaxTokens"/> and <see cref="EncodeOptions.Stride"/>.</param>
    /// <exception cref="ArgumentException">The options do not say which text of a pair is cut, or leave no room, or the stride is not shorter than a window.</exception>
    public IReadOnlyList<TokenEncoding> EncodeWindows(string? text, string? pair, EncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool hasPair = HasPair(pair);
        if (hasPair && options.Truncation == TruncationStrategy.LongestFirst)
        {
            throw new ArgumentException("Windows over a pair need Truncation OnlyFirst or OnlySecond, so that it is clear which text is cut; found LongestFirst.");
        }
        int enough = options.StopAtMaxTokens && options.MaxTokens is { } most ? most : int.MaxValue;
        (PieceRange first, PieceRange second) = (Read(text ?? "", enough), Read(hasPair ? pair ?? "" : "", enough));
        IReadOnlyList<TemplateItem> template = TemplateFor(hasPair, options);
        bool cutSecond = hasPair && options.Truncation == TruncationStrategy.OnlySecond;
        (PieceRange cut, PieceRange other) = cutSecond ? (second, first) : (first, second);
        int room = Room(template, options) - other.Length;
        if (room <= options.Stride && cut.Length > room)
        {
            throw new ArgumentException($"A window has room for {Math.Max(0, room)} tokens of the text that is cut, which is not more than Stride ({options.Stride}). Use a larger MaxTokens or a smaller Stride.");
        }
        return
        [
            .. Truncation.Windows(cut.Length, room, options.Stride, TruncationSide).Select(window =>
            {
                PieceRange part = cut with { Start = cut.Start + window.Start, Length = window.Length };
                return EncodingAssembler.Assemble(template, _pipeline.Template.Trims, cutSecond ? other : part, cutSecond ? part : other, _tokenOf);
            }),
        ];
    }

    /// <summary>Fills encodings up to one length.</summary>
    /// <param name="encodings">The rows.</param>
    /// <param name="length">The length; null: that of the longest.</param>
    /// <param name="side">The end to fill; null: <see cref="PaddingSide"/>.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token.</exception>
    /// <exception cref="ArgumentException">A row is longer than <paramref name="length"/>.</exception>
    public BatchEncoding PadBatch(IReadOnlyList<TokenEncoding> encodings, int? length = null, Side? side = null)
    {
        ArgumentNullException.ThrowIfNull(encodings);
        int pad = PadTokenId ?? throw new InvalidOperationException("The tokenizer has no padding token ('pad_token').");
        int longest = encodings.Count == 0 ? 0 : encodings.Max(encoding => encoding.Length);
        int width = length ?? longest;
        if (longest > width)
        {
            throw new ArgumentException($"A row has {longest} tokens, which is more than the length {width} that rows are to be filled up to. Encode with MaxTokens {width}.");
        }
        return new BatchEncoding(
            [.. encodings.Select(encoding => Fill(encoding.Ids, pad))],
            [.. encodings.Select(encoding => Fill(encoding.TypeIds, 0))],
            [.. encodings.Select(encoding => Fill([.. Enumerable.Repeat(1, encoding.Length)], 0))]);

        int[] Fill(int[] values, int filling)
        {
            int[] padding = [.. Enumerable.Repeat(filling, width - values.Length)];
            return (side ?? PaddingSide) == Side.Right ? [.. values, .. padding] : [.. padding, .. values];
        }
    }

    /// <summary>The text that ids stand for.</summary>
    /// <param name="ids">Token ids; unknown ones are left out.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="cleanUp">Whether blanks before punctuation are removed; null: as tokenizer_config.json says.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true, bool? cleanUp = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        TextDecoder decoder = StartDecoding(skipSpecialTokens, cleanUp);
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            text.Append(decoder.Add(id));
        }
        return text.Append(decoder.Finish()).ToString();
    }

    /// <summary>Decodes ids as they come: what <see cref="TextDecoder"/> gives for each makes together what <see cref="Decode"/> gives for all.</summary>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="cleanUp">Whether blanks before punctuation are removed; null: as tokenizer_config.json says.</param>
    public TextDecoder StartDecoding(bool skipSpecialTokens = true, bool? cleanUp = null)
    {
        TokenDecoder decoder = (_pipeline.Decoder ?? new BlankDecoder()).Start(specialTokens: !skipSpecialTokens);
        return new TextDecoder(_table, skipSpecialTokens, cleanUp ?? _config.CleanUpSpaces ? SpaceCleanUp.Behind(decoder) : decoder);
    }

    /// <summary>The token of an id, as the vocabulary writes it; null where there is none.</summary>
    public string? IdToToken(int id) => _table.Token(id);

    /// <summary>The id of a token; null where there is none.</summary>
    public int? TokenToId(string token) => _table.Id(token);

    private static TextEncoder FromFiles(Dictionary<string, string> paths, TokenizerSettings? settings)
    {
        string? missing = paths.Values.FirstOrDefault(path => !File.Exists(path));
        if (missing is not null)
        {
            throw new TokenizerException($"There is no tokenizer file '{missing}'.");
        }
        Dictionary<string, byte[]> files = paths.ToDictionary(item => item.Key, item => File.ReadAllBytes(item.Value));
        if (settings is not null)
        {
            files[TokenizerConfig.FileName] = settings.ToJson(files.ContainsKey(VocabTxt.FileName) ? "BertTokenizer" : null);
        }
        return Read(new TokenizerFiles(files, name => paths.GetValueOrDefault(name, name)), $"'{paths.Values.First()}' is no tokenizer");
    }

    private static TextEncoder Read(TokenizerFiles files, string nothingThere)
    {
        TokenizerConfig config = TokenizerConfig.Read(files);
        TokenizerPipeline pipeline = files.Json(TokenizerJson.FileName) is { } json
            ? TokenizerJson.Read(json, config)
            : OwnFiles.Read(files, config)
                ?? throw new TokenizerException($"{nothingThere}: looked for '{TokenizerJson.FileName}', {OwnFiles.Description}.");
        return new TextEncoder(files, pipeline, config);
    }

    private bool HasPair([NotNullWhen(true)] string? pair) => pair is { Length: > 0 } || (pair is not null && _pipeline.EmptyPairCounts);

    // A text up to where there are enough tokens, from the end that is not cut.
    private PieceRange Read(string text, int enough)
    {
        PieceList pieces = _splitter.Split(text, TruncationSide == Side.Right ? enough : int.MaxValue);
        int start = TruncationSide == Side.Right ? 0 : pieces.StartOfLast(enough);
        return new PieceRange(pieces, start, pieces.Count - start);
    }

    private PieceRange Cut(PieceRange text, int keep) => text with { Start = TruncationSide == Side.Right ? text.Start : text.Start + text.Length - keep, Length = keep };

    private IReadOnlyList<TemplateItem> TemplateFor(bool pair, EncodeOptions options) =>
        _pipeline.Template.For(pair, options.AddSpecialTokens);

    private static int Room(IReadOnlyList<TemplateItem> template, EncodeOptions options)
    {
        int special = template.Sum(item => item.Ids.Length);
        int room = (options.MaxTokens ?? int.MaxValue) - special;
        return room >= 0 ? room : throw new ArgumentException($"MaxTokens is {options.MaxTokens}, but the special tokens alone are {special}.");
    }

    private int? Role(string role) => IdOf(_config.Role(role)) ?? IdOf(_pipeline.DefaultTokens.GetValueOrDefault(role));

    private int? IdOf(string? token) => token is null ? null : TokenToId(token);
}
