using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization;

/// <summary>A checkpoint's tokenizer: from text to token ids with their places in the text, and back. Immutable, and usable by many threads at once.</summary>
public sealed partial class TextEncoder
{
    private readonly TokenizerFiles _files;
    private readonly TokenizerPipeline _pipeline;
    private readonly TokenizerConfig _config;
    private readonly SequenceEncoder _sequences;
    private readonly TokenTable _table;
    private readonly ChatTemplateSet _chat;

    internal TextEncoder(TokenizerFiles files, TokenizerPipeline pipeline, TokenizerConfig config)
    {
        (_files, _pipeline, _config) = (files, pipeline, config);
        _chat = new ChatTemplateSet(files, config.Roles);
        var splitter = new TextSplitter(pipeline);
        _table = new TokenTable(pipeline.Model.Vocabulary, pipeline.AddedTokens, splitter.Normalize);
        _sequences = new SequenceEncoder(splitter, pipeline, config.TruncationSide, id => _table.Token(id) ?? "");
    }

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

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text; null counts as empty. Lone surrogates count as U+FFFD.</param>
    /// <param name="pair">The second text; null: there is none. An empty one is none either, but for T5's and LLaMA's own files, where it is a text of no tokens.</param>
    /// <param name="options">Null: with special tokens, at full length.</param>
    /// <exception cref="ArgumentException"><see cref="EncodeOptions.MaxTokens"/> leaves no room for the special tokens, or the text that may be cut is too short.</exception>
    public TokenEncoding Encode(string? text, string? pair = null, EncodeOptions? options = null) => _sequences.Encode(text ?? "", pair, options ?? EncodeOptions.Default);

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
        return _sequences.EncodeWindows(text ?? "", pair, options);
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

    /// <summary>The tokenizer without its normalizer, or without cutting texts into words.</summary>
    internal TextEncoder Without(bool normalizer, bool cuts) => !normalizer && !cuts ? this : new TextEncoder(_files, _pipeline with
    {
        Normalizer = normalizer ? null : _pipeline.Normalizer,
        PreTokenizer = cuts ? _pipeline.PreTokenizer?.WithoutCuts : _pipeline.PreTokenizer,
    }, _config);

    private int? Role(string role) => _pipeline.RoleIds.TryGetValue(role, out int id) ? id : IdOf(_config.Role(role)) ?? IdOf(_pipeline.DefaultTokens.GetValueOrDefault(role));

    private int? IdOf(string? token) => token is null ? null : TokenToId(token);
}
