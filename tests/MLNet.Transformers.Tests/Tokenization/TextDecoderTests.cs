using System.Security.Cryptography;
using System.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Text token by token: the same as of all tokens at once, and no dearer the longer it gets.</summary>
public sealed class TextDecoderTests
{
    // Hashes of the texts of 600 rows of random ids, as decoders wrote them that were given all tokens at once.
    [Theory]
    [InlineData("bart-bbpe", "B141C2021BBFD72C")]
    [InlineData("bert-cased", "937CA5B8C1D2C056")]
    [InlineData("bert-uncased", "0509B3E64E3BC3D3")]
    [InlineData("glm4-bbpe", "84D48FFEAFDD33A8")]
    [InlineData("gpt2-bbpe", "5D676D5CEBE4826F")]
    [InlineData("llama-spm-bpe", "CF13F41D58AEA207")]
    [InlineData("llama-spm-bpe-legacy", "CF13F41D58AEA207")]
    [InlineData("llama3-bbpe", "799910E11531BE6F")]
    [InlineData("roberta-bbpe-prefixspace", "4D16C50B6266F21E")]
    [InlineData("t5-unigram", "B79377309DA11989")]
    [InlineData("t5-unigram-nonlegacy", "B79377309DA11989")]
    public void Random_ids_say_what_they_say_at_once(string name, string hash)
    {
        Assert.Equal(hash, Hash(TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", name)))));
    }

    [Theory]
    [InlineData("chatglm-6b", "97820300FBEA3FB0")]
    [InlineData("chatglm-tokenizer-json", "7E1A9AA2B2840412")]
    [InlineData("glm-chinese", "D84DA37BD6B29FBE")]
    [InlineData("llama2", "E2D9870DFEA37A72")]
    [InlineData("llama3", "5A60514A532F48E6")]
    [InlineData("roberta-bart", "B1BA7E3408F1F308")]
    [InlineData("t5", "E68D06BEB56B7D7A")]
    public void Random_ids_of_published_tokenizers_say_what_they_say_at_once(string name, string hash)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Assert.Equal(hash, Hash(TextEncoder.FromFolder(Shared.Path("weights", "vocab", name))));
    }

    [Theory]
    [InlineData("albert/spiece.model", "AD790761BD6800EC")]
    [InlineData("bert-base-chinese/vocab.txt", "48AC747CC9A86784")]
    public void Random_ids_of_published_files_say_what_they_say_at_once(string file, string hash)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        Assert.Equal(hash, Hash(TextEncoder.FromFile(Shared.Path("weights", "vocab", file))));
    }

    [Theory]
    [InlineData("{}", "ADF4297B350B8407")]
    [InlineData("""{"legacy": false}""", "ADF4297B350B8407")]
    public void Random_ids_of_T5s_own_file_say_what_they_say_at_once(string config, string hash)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        byte[] model = File.ReadAllBytes(Shared.Path("weights", "vocab", "t5", "spiece.model"));
        Assert.Equal(hash, Hash(TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["spiece.model"] = model, ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config) })));
    }

    [Theory]
    [InlineData("bert-uncased")]
    [InlineData("glm4-bbpe")]
    [InlineData("llama-spm-bpe")]
    [InlineData("t5-unigram")]
    public void After_each_token_a_copy_knows_the_text_so_far(string name)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", name)));
        int[] ids = RandomRows(tokenizer).SelectMany(row => row).Take(300).ToArray();
        TextDecoder decoder = tokenizer.StartDecoding();
        var said = new StringBuilder();

        for (int i = 0; i < ids.Length; i++)
        {
            said.Append(decoder.Add(ids[i]));

            Assert.Equal(tokenizer.Decode(ids.Take(i + 1)), said + decoder.Copy().Finish());
        }
    }

    [Fact]
    public void A_character_of_several_tokens_comes_whole() => Assert.Equal(["a", "", "é", "", "", "你", "", "", "", "😀", "z", ""], Pieces(Bytes("aé你😀z")));

    [Fact]
    public void Bytes_that_are_no_character_come_at_the_end() => Assert.Equal(["a", "", "", "\uFFFD"], Pieces([(byte)'a', 0xE4, 0xBD]));

    [Fact]
    public void A_run_of_byte_tokens_comes_when_it_has_ended()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "llama-spm-bpe")));
        int word = tokenizer.Encode("the").Ids[^1];
        int[] wrong = [.. new[] { 0xE4, 0xBD, 0x41 }.Select(value => tokenizer.TokenToId($"<0x{value:X2}>")!.Value)];
        TextDecoder decoder = tokenizer.StartDecoding();

        Assert.Equal(["", "", ""], wrong.Select(decoder.Add));
        Assert.StartsWith("\uFFFD\uFFFD\uFFFD", decoder.Add(word), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert-uncased")]
    [InlineData("glm4-bbpe")]
    [InlineData("llama-spm-bpe")]
    [InlineData("t5-unigram")]
    public void The_cost_of_a_token_does_not_grow_with_the_text(string name)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", name)));
        int[] text = tokenizer.Encode("What I do not know, you may know: it is not the end of the world.").Ids;
        Cost(100);

        // Twice the ratio of the lengths; decoding all from the beginning would be sixteen times that of a quarter.
        Assert.InRange(Cost(4000), 0, 8 * Cost(1000));

        long Cost(int tokens)
        {
            TextDecoder decoder = tokenizer.StartDecoding();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < tokens; i++)
            {
                decoder.Add(text[i % text.Length]);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static string Hash(TextEncoder tokenizer)
    {
        var all = new StringBuilder();
        int number = 0;
        foreach (int[] ids in RandomRows(tokenizer))
        {
            TextDecoder decoder = tokenizer.StartDecoding(
                skipSpecialTokens: number % 2 == 0, cleanUp: (number % 3) switch { 0 => null, 1 => true, _ => false });
            foreach (int id in ids)
            {
                all.Append(decoder.Add(id));
            }
            all.Append(decoder.Finish()).Append('\u0001');
            number++;
        }
        return Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(all.ToString())))[..16];
    }

    // Any ids, those of bytes and special tokens more often, and those of a text.
    private static IEnumerable<int[]> RandomRows(TextEncoder tokenizer)
    {
        var random = new Random(5);
        int size = tokenizer.MaxId + 2;
        int[] text = tokenizer.Encode("Hello, world! It is n't what I do not know: 你好 😀 café\n\n  two  blanks 's 're . , ?").Ids;
        for (int row = 0; row < 600; row++)
        {
            var ids = new int[random.Next(0, 40)];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = random.Next(4) switch
                {
                    0 => random.Next(size),
                    1 => random.Next(Math.Min(size, 300)),
                    2 => size - 1 - random.Next(Math.Min(size, 120)),
                    _ => text[random.Next(text.Length)],
                };
            }
            yield return ids;
        }
    }

    private static string[] Pieces(byte[] bytes)
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden(Path.Combine("tokenizers", "gpt2-bbpe")));
        TextDecoder decoder = tokenizer.StartDecoding();
        return [.. bytes.Select(value => decoder.Add(tokenizer.TokenToId(MLNet.Transformers.Tokenization.Unicode.ByteAlphabet.Character(value).ToString())!.Value)), decoder.Finish()];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
