using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Patterns;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.PreTokenizers;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>
/// Tiktoken's file of ranks: a line for each piece, its bytes in base64 and its rank, which is its id. So the tokenizer.model of LLaMA 3 and of GLM-4
/// is published; both cut texts with the same pattern (meta-llama/llama3 tokenizer.py; THUDM/glm-4-9b tokenization_chatglm.py; openai/tiktoken).
/// </summary>
internal static class Tiktoken
{
    public const string FileName = "tokenizer.model";

    private const string GlmClass = "ChatGLM4Tokenizer";
    private const string LlamaBegin = "<|begin_of_text|>";
    private const string LlamaEnd = "<|end_of_text|>";
    private const int LlamaPieces = 128_000;
    private const int LlamaReserved = 251;

    /// <summary>Whether a file is one of ranks: SentencePiece's of the same name is binary.</summary>
    public static bool IsRanks(ReadOnlySpan<byte> content)
    {
        int end = content.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? content : content[..end]).TrimEnd((byte)'\r');
        int blank = line.IndexOf((byte)' ');
        return blank > 0 && Base64.IsValid(line[..blank]) && line[(blank + 1)..].Length > 0 && !line[(blank + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    public static TokenizerPipeline Read(byte[] content, string label, TokenizerConfig config)
    {
        Dictionary<string, int> vocabulary = ReadRanks(content, label);
        IReadOnlyList<AddedToken> added = new AddedTokenList(vocabulary).Add(AddedTokens(vocabulary, config)).AddSpecial(config.SpecialTokens).Tokens;
        return new TokenizerPipeline
        {
            AddedTokens = added,
            DefaultTokens = added.Any(token => token.Content == LlamaBegin)
                ? new Dictionary<string, string> { ["bos_token"] = LlamaBegin, ["eos_token"] = LlamaEnd }
                : new Dictionary<string, string>(),
            PreTokenizer = new SequencePreTokenizer(
                [new PatternPreTokenizer(new Llama3Pattern(), Delimiter.Isolated, invert: false), new ByteLevelPreTokenizer(AddPrefixSpace: false, UseRegex: false)]),
            Model = new BpeModel(vocabulary, BpeMergeTable.OfPieces(vocabulary, id => id), new BpeOptions { WholeWordsFirst = true }),
            Template = ReadTemplate(added, label, config),
            Decoder = new ByteLevelDecoder(),
        };
    }

    // Pieces are kept in the byte alphabet.
    private static Dictionary<string, int> ReadRanks(byte[] content, string label)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var pieceOf = new Dictionary<int, string>();
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content).TrimEnd('\r', '\n').Split('\n'))
        {
            number++;
            string[] words = line.TrimEnd('\r').Split(' ');
            Span<byte> bytes = new byte[line.Length];
            if (words.Length != 2 || !Convert.TryFromBase64String(words[0], bytes, out int count) || count == 0
                || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rank))
            {
                throw new TokenizerException($"'{label}': line {number} is '{line.TrimEnd('\r')}'; expected the bytes of a piece in base64, a blank and its rank.");
            }
            string piece = ByteAlphabet.Write(bytes[..count]);
            if (!pieceOf.TryAdd(rank, piece))
            {
                throw new TokenizerException($"'{label}': line {number} gives the rank {rank} to '{piece}', which is the rank of '{pieceOf[rank]}' already.");
            }
            if (!vocabulary.TryAdd(piece, rank))
            {
                throw new TokenizerException($"'{label}': line {number} gives the piece '{piece}' a second rank, {rank}; its first is {vocabulary[piece]}.");
            }
        }
        return vocabulary;
    }

    // Where nothing names special tokens, a file as long as LLaMA 3's has its (llama3 tokenizer.py).
    private static IReadOnlyList<AddedToken> AddedTokens(Dictionary<string, int> vocabulary, TokenizerConfig config)
    {
        if (config.AddedTokens.Count > 0 || vocabulary.Count != LlamaPieces)
        {
            return [.. config.AddedTokens];
        }
        string[] reserved = [.. Enumerable.Range(0, LlamaReserved).Select(number => string.Create(CultureInfo.InvariantCulture, $"<|reserved_special_token_{number}|>"))];
        string[] contents = [LlamaBegin, LlamaEnd, .. reserved[..4], "<|start_header_id|>", "<|end_header_id|>", reserved[4], "<|eot_id|>", .. reserved[5..]];
        return [.. contents.Select((content, index) => new AddedToken(LlamaPieces + index, content, Special: true))];
    }

    private static Template ReadTemplate(IReadOnlyList<AddedToken> added, string label, TokenizerConfig config)
    {
        if (config.ClassName == GlmClass)
        {
            TemplateItem[] prefix = [TemplateItem.Special(Id("[gMASK]"), 0), TemplateItem.Special(Id("<sop>"), 0), TemplateItem.Text(0, 0)];
            return new Template(prefix, [.. prefix, TemplateItem.Text(1, 1)]);
        }
        string begin = config.Role("bos_token") ?? LlamaBegin;
        return config.Enclosing(content => Id(content)) ?? Template.Enclosed(added.FirstOrDefault(token => token.Content == begin)?.Id, null);

        int Id(string content) => added.FirstOrDefault(token => token.Content == content)?.Id
            ?? throw new TokenizerException($"'{TokenizerConfig.FileName}' beside '{label}' names no special token '{content}' (added_tokens_decoder).");
    }
}
