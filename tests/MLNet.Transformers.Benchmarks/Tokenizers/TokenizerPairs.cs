using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Tokenizers;

/// <summary>A text's ids, without special tokens.</summary>
internal delegate IReadOnlyList<int> Encoder(string text);

/// <summary>Every kind of tokenizer with a real vocabulary, and Microsoft.ML.Tokenizers' counterpart where it has one.</summary>
internal static class TokenizerPairs
{
    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    private static readonly string[] _sentencePieces =
        ["llama2/tokenizer.model", "t5/spiece.model", "albert/spiece.model", "glm-chinese/cog-pretrain.model", "chatglm-6b/ice_text.model"];

    public static IEnumerable<(string Name, Encoder Ours, Encoder? Peer)> Of(string shared)
    {
        string vocabularies = Path.Combine(shared, "weights/vocab");
        foreach (string name in (string[])["bert-base-uncased", "bert-base-chinese"])
        {
            string words = Path.Combine(vocabularies, name, "vocab.txt");
            BertTokenizer bert = BertTokenizer.Create(words);
            yield return ($"WordPiece, {name}", Ours(TextEncoder.FromFile(words)), text => bert.EncodeToIds(text, addSpecialTokens: false));
        }
        string gpt2 = Path.Combine(shared, "weights/vocab/gpt2");
        (string vocabulary, string merges) = (Path.Combine(gpt2, "encoder.json"), Path.Combine(gpt2, "vocab.bpe"));
        CodeGenTokenizer codeGen = CodeGenTokenizer.Create(File.OpenRead(vocabulary), File.OpenRead(merges));
        yield return ("GPT-2", Ours(TextEncoder.FromVocabularyAndMerges(vocabulary, merges)), text => codeGen.EncodeToIds(text));

        string llama3 = Path.Combine(shared, "weights/vocab/llama3/tokenizer.json");
        byte[] ranks = Ranks(llama3);
        var tiktoken = TiktokenTokenizer.Create(new MemoryStream(ranks), new RegexPreTokenizer(new(Pattern(llama3), System.Text.RegularExpressions.RegexOptions.Compiled), null), null);
        yield return ("LLaMA 3 (tokenizer.json)", Ours(TextEncoder.FromFile(llama3)), text => tiktoken.EncodeToIds(text));
        yield return ("LLaMA 3 (Tiktoken's ranks)", Ours(TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.model"] = ranks })), text => tiktoken.EncodeToIds(text));

        string llama = Path.Combine(shared, "goldens/tokenizers/llama-spm-bpe-legacy");
        LlamaTokenizer sentencePiece = LlamaTokenizer.Create(File.OpenRead(Path.Combine(llama, "tokenizer.model")), addBeginOfSentence: false);
        yield return ("LLaMA 2's kind, 3000 pieces", Ours(TextEncoder.FromFolder(llama)), text => sentencePiece.EncodeToIds(text));

        yield return ("RoBERTa, BART", Ours(TextEncoder.FromFile(Path.Combine(vocabularies, "roberta-bart/tokenizer.json"))), null);
        yield return ("ChatGLM3", Ours(TextEncoder.FromFile(Path.Combine(shared, "weights/vocab/chatglm-tokenizer-json/tokenizer.json"))), null);
        yield return ("SmolLM2", Ours(TextEncoder.FromFolder(Path.Combine(shared, "weights/SmolLM2-135M-Instruct"))), null);

        foreach (string name in _sentencePieces)
        {
            string path = Path.Combine(vocabularies, name);
            SentencePieceTokenizer? peer = Peer(path);
            yield return (name, Ours(TextEncoder.FromFile(path)), peer is null ? null : text => peer.EncodeToIds(text));
        }
        yield return ("t5/tokenizer.json", Ours(TextEncoder.FromFile(Path.Combine(vocabularies, "t5/tokenizer.json"))), null);
    }

    private static SentencePieceTokenizer? Peer(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Console.WriteLine($"Microsoft.ML.Tokenizers does not read {path}: {error.Message}");
            return null;
        }
    }

    private static Encoder Ours(TextEncoder tokenizer) => text => tokenizer.Encode(text, null, _plain).Ids;

    private static string Pattern(string tokenizerJson)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(tokenizerJson));
        return json.RootElement.GetProperty("pre_tokenizer").GetProperty("pretokenizers")[0].GetProperty("pattern").GetProperty("Regex").GetString()!;
    }

    // The vocabulary as Tiktoken's file: base64 of each piece's bytes, and its rank.
    private static byte[] Ranks(string tokenizerJson)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(tokenizerJson));
        Dictionary<char, byte> bytes = ByteOf();
        IEnumerable<string> lines = json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().OrderBy(piece => piece.Value.GetInt32())
            .Select(piece => $"{Convert.ToBase64String([.. piece.Name.Select(character => bytes[character])])} {piece.Value.GetInt32()}\n");
        return Encoding.ASCII.GetBytes(string.Concat(lines));
    }

    private static Dictionary<char, byte> ByteOf()
    {
        var bytes = new Dictionary<char, byte>();
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            bytes[(char)(printable ? value : next++)] = (byte)value;
        }
        return bytes;
    }
}
