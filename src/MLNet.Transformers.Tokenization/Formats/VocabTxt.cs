using System.Text;
using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>vocab.txt: a piece a line, its id the number of its line from 0 (google-research/bert tokenization.py; reference: tokenization_bert.py).</summary>
internal static class VocabTxt
{
    public const string FileName = "vocab.txt";

    /// <summary>BERT's special tokens by role.</summary>
    public static IReadOnlyDictionary<string, string> DefaultTokens { get; } = new Dictionary<string, string>
    {
        ["pad_token"] = "[PAD]", ["unk_token"] = "[UNK]", ["cls_token"] = "[CLS]", ["sep_token"] = "[SEP]", ["mask_token"] = "[MASK]",
    };

    public static TokenizerPipeline Read(byte[] content, string label, TokenizerConfig config)
    {
        Dictionary<string, int> vocabulary = ReadVocabulary(content);
        int unknown = Id("unk_token");
        return new TokenizerPipeline
        {
            AddedTokens = new AddedTokenList(vocabulary).Add(config.AddedTokens)
                .AddSpecial(DefaultTokens.Keys.Select(role => Token(config, role)).Where(vocabulary.ContainsKey)).AddSpecial(config.SpecialTokens).Tokens,
            DefaultTokens = DefaultTokens,
            Normalizer = new BertNormalizer(true, config.ChineseCharacters ?? true, config.StripAccents, config.Lowercase ?? true),
            PreTokenizer = new BertPreTokenizer(),
            Model = new WordPieceModel(vocabulary, unknown),
            Template = Template.Bert(Id("cls_token"), Id("sep_token")),
            Decoder = new WordPieceDecoder("##", cleanUp: true),
        };

        int Id(string role)
        {
            string token = Token(config, role);
            return vocabulary.TryGetValue(token, out int id)
                ? id
                : throw new TokenizerException($"'{label}' has {vocabulary.Count:N0} pieces, but not the {role} '{token}'.");
        }
    }

    private static string Token(TokenizerConfig config, string role) => config.Role(role) ?? DefaultTokens[role];

    // Where a piece stands twice the later line counts, as in the reference; an empty line is the piece of no characters, which never matches.
    private static Dictionary<string, int> ReadVocabulary(byte[] content)
    {
        string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetString(content);
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] lines = text.Split('\n');
        // What follows the last line end is no line.
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (int id = 0; id < count; id++)
        {
            vocabulary[lines[id].TrimEnd('\r')] = id;
        }
        return vocabulary;
    }
}
