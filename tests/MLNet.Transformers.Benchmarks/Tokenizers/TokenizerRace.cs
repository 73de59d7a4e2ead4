using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Tokenizers;

/// <summary>Times tokenizers over real text on one core, beside Microsoft.ML.Tokenizers where it has a counterpart, and counts lines whose ids differ.</summary>
internal static class TokenizerRace
{
    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    public static void Run(string shared, int rounds)
    {
        string[] lines = [.. Directory.EnumerateFiles(Path.Combine(shared, "weights/vocab/expected/corpus")).SelectMany(File.ReadLines)];
        double megabytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line)) / 1e6;
        Console.WriteLine($"{lines.Length:N0} lines, {megabytes:F2} MB; median of {rounds} rounds, taken in turn");
        foreach ((string name, Func<string, IReadOnlyList<int>> ours, Func<string, IReadOnlyList<int>>? peer) in Pairs(shared))
        {
            int differing = peer is null ? 0 : lines.Count(line => !ours(line).SequenceEqual(peer(line)));
            var (oursTimes, peerTimes) = (new List<double>(), new List<double>());
            for (int round = 0; round < rounds; round++)
            {
                oursTimes.Add(Seconds(lines, ours));
                if (peer is not null)
                {
                    peerTimes.Add(Seconds(lines, peer));
                }
            }
            string beside = peer is null ? "" : $", Microsoft.ML.Tokenizers {megabytes / Median(peerTimes):F1} MB/s, lines with other ids: {differing:N0}";
            Console.WriteLine($"{name}: {megabytes / Median(oursTimes):F1} MB/s{beside}");
        }
    }

    private static IEnumerable<(string Name, Func<string, IReadOnlyList<int>> Ours, Func<string, IReadOnlyList<int>>? Peer)> Pairs(string shared)
    {
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

        yield return ("ChatGLM3", Ours(TextEncoder.FromFile(Path.Combine(shared, "weights/vocab/chatglm-tokenizer-json/tokenizer.json"))), null);
        yield return ("SmolLM2", Ours(TextEncoder.FromFolder(Path.Combine(shared, "weights/SmolLM2-135M-Instruct"))), null);
    }

    private static Func<string, IReadOnlyList<int>> Ours(TextEncoder tokenizer) => text => tokenizer.Encode(text, null, _plain).Ids;

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

    private static double Seconds(string[] lines, Func<string, IReadOnlyList<int>> encode)
    {
        // Processor time, collection of garbage included: what else the machine does counts less.
        TimeSpan start = Environment.CpuUsage.TotalTime;
        foreach (string line in lines)
        {
            encode(line);
        }
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
