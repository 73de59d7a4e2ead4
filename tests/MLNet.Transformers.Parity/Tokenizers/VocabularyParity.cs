using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Checks a real vocabulary: tricky texts, pairs, and digests over megabytes of real text.</summary>
internal sealed class VocabularyParity(JsonElement expected, string shared, string corpus, Report report)
{
    private const int ChunkLines = 500;

    private static readonly HashSet<string> _fields = ["kind", "name", "folder", "load", "settings", "versions", "note", "texts", "pairs", "files"];

    private static readonly HashSet<string> _textFields = ["text", "ids", "ids_no_special", "tokens", "offsets", "decoded"];

    public void Run()
    {
        string? load = expected.Text("load");
        if (load is null || expected.Text("folder") is not { } folder)
        {
            report.Fail("no 'load' or no 'folder'");
            return;
        }
        string[] paths = [.. load.Split(" + ").Select(name => Path.Combine(shared, folder, name))];
        report.RefuseUnknown(expected, "expected", _fields);
        TextEncoder tokenizer = paths.Length == 1 ? TextEncoder.FromFile(paths[0], Settings()) : TextEncoder.FromVocabularyAndMerges(paths[0], paths[1], Settings());
        foreach (JsonElement item in expected.Items("texts"))
        {
            report.Guard(TokenizerParity.Short(item.Text("text")!), () => CheckText(item, tokenizer));
        }
        foreach (JsonElement item in expected.Items("pairs"))
        {
            TokenEncoding ours = tokenizer.Encode(item.Text("text"), item.Text("pair"));
            string name = $"pair {TokenizerParity.Short(item.Text("text")!)}";
            report.SequenceEqual($"{name}: ids", ours.Ids, item.GetProperty("ids").Ints());
            report.SequenceEqual($"{name}: type ids", ours.TypeIds, item.GetProperty("type_ids").Ints());
        }
        foreach (JsonProperty file in expected.Properties("files"))
        {
            report.Guard(file.Name, () => CheckFile(file.Name, file.Value, tokenizer));
        }
    }

    private TokenizerSettings Settings()
    {
        bool? lowercase = null;
        foreach (JsonProperty setting in expected.Properties("settings"))
        {
            if (setting.Name == "do_lower_case")
            {
                lowercase = setting.Value.GetBoolean();
            }
            else
            {
                report.Fail($"unknown setting '{setting.Name}'");
            }
        }
        return new TokenizerSettings { Lowercase = lowercase };
    }

    private void CheckText(JsonElement item, TextEncoder tokenizer)
    {
        string text = item.Text("text")!;
        string name = TokenizerParity.Short(text);
        report.RefuseUnknown(item, name, _textFields);
        TokenEncoding ours = tokenizer.Encode(text);
        var codePoints = new CodePoints(text);
        if (item.TryGetProperty("ids", out JsonElement ids))
        {
            report.SequenceEqual($"{name}: ids", ours.Ids, ids.Ints());
        }
        // A model by itself is decoded from its ids.
        int[] decoded = (item.TryGetProperty("ids", out ids) ? ids : item.GetProperty("ids_no_special")).Ints();
        report.Equal($"{name}: decoded", tokenizer.Decode(decoded, skipSpecialTokens: true, cleanUp: false), item.Text("decoded"));
        report.SequenceEqual($"{name}: ids without special tokens", Plain(tokenizer, text).Ids, item.GetProperty("ids_no_special").Ints());
        // The reference's encodings write an added token with the white space that it took from the text, and SentencePiece what is unknown.
        report.SequenceEqual($"{name}: tokens", ours.Tokens, item.Items("tokens").Select(token => InVocabulary(token.GetString()!.Trim(' '), tokenizer)));
        if (item.TryGetProperty("offsets", out JsonElement offsets))
        {
            report.SequenceEqual($"{name}: offsets", ours.Offsets.Select(codePoints.Convert), TokenizerParity.Spans(offsets));
        }
    }

    private static string InVocabulary(string token, TextEncoder tokenizer) =>
        tokenizer.TokenToId(token) is null && tokenizer.UnknownTokenId is { } unknown ? tokenizer.IdToToken(unknown)! : token;

    // A line's ids as little-endian int32, closed by ff ff ff ff; one digest over all lines, and one over each 500.
    private void CheckFile(string name, JsonElement file, TextEncoder tokenizer)
    {
        string[] lines = File.ReadAllText(Path.Combine(corpus, name)).Split('\n');
        lines = lines[^1].Length == 0 ? lines[..^1] : lines;
        var encoded = new int[lines.Length][];
        Parallel.For(0, lines.Length, line => encoded[line] = Plain(tokenizer, lines[line]).Ids);
        report.Equal($"{name}: lines", lines.Length, file.GetProperty("lines").GetInt32());
        report.Equal($"{name}: tokens", encoded.Sum(ids => ids.Length), file.GetProperty("tokens").GetInt32());
        report.SequenceEqual($"{name}: digests of {ChunkLines} lines",
            encoded.Chunk(ChunkLines).Select(chunk => Digest(chunk)[..12]), file.Items("chunks_of_500").Select(chunk => chunk.GetString()!));
        report.Equal($"{name}: digest", Digest(encoded), file.Text("sha256"));
    }

    private static TokenEncoding Plain(TextEncoder tokenizer, string text) => tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = false });

    private static string Digest(IEnumerable<int[]> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (int[] ids in lines)
        {
            foreach (int id in ids.Append(-1))
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, id);
                hash.AppendData(number);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
