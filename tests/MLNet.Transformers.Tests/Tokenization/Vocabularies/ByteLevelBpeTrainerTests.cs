using System.Text.Json.Nodes;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

public class ByteLevelBpeTrainerTests
{
    [Theory]
    // Words "aab", " aab", " ab": "a"+"b" three times, then "a"+"ab" twice; all others are seen once.
    [InlineData("aab aab ab", "a b,a ab")]
    // "a"+"b" and "b"+"c" twice each: the pair of the lower ids goes ahead.
    [InlineData("abc abc", "a b,ab c")]
    // Of three in a row the first two are joined, so that "aa"+"aa" is left.
    [InlineData("aaaa aaaa", "a a,aa aa")]
    public void The_most_frequent_pairs_are_joined_first(string text, string merges)
    {
        TextEncoder tokenizer = ByteLevelBpeTrainer.Train([text], 1000);

        Assert.Equal(merges.Split(','), Merges(tokenizer.Files["tokenizer.json"]));
    }

    [Fact]
    public void The_vocabulary_is_that_of_the_reference()
    {
        string[] texts = [.. SampleTexts.Lines("data", "multi30k", "train.en.gz"), .. SampleTexts.Lines("data", "multi30k", "train.de.gz")];
        byte[] published = File.ReadAllBytes(Shared.Path("weights", "bart-multi30k-tiny", "tokenizer.json"));

        TextEncoder tokenizer = ByteLevelBpeTrainer.Train(texts, 4000);

        Assert.Equal(Merges(published), Merges(tokenizer.Files["tokenizer.json"]));
        Assert.Equal(SampleTexts.Pieces(TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = published })), SampleTexts.Pieces(tokenizer));
    }

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_vocabulary()
    {
        byte[] one = ByteLevelBpeTrainer.Train(SampleTexts.Few, 400).Files["tokenizer.json"];

        Assert.Equal(one, ByteLevelBpeTrainer.Train(SampleTexts.Few, 400).Files["tokenizer.json"]);
        Assert.Equal(one, ByteLevelBpeTrainer.Train(SampleTexts.Few.Reverse(), 400).Files["tokenizer.json"]);
    }

    [Fact]
    public void Any_text_is_decoded_to_itself()
    {
        TextEncoder tokenizer = ByteLevelBpeTrainer.Train(SampleTexts.Few, 300);

        Assert.All(SampleTexts.Few.Concat(HostileTexts.Make(1, 300, [])), text =>
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, null, SmallTokenizers.Plain).Ids)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_reference_opens_it_and_gives_the_same_ids(bool addPrefixSpace)
    {
        TextEncoder tokenizer = ByteLevelBpeTrainer.Train(
            SampleTexts.Few, 360, new() { AddPrefixSpace = addPrefixSpace, SpecialTokens = SpecialTokens.Bart with { Last = ["<user>", "<end>"] } });

        Assert.Equal(360, tokenizer.VocabularySize);
        Assert.Equal((358, 359), (tokenizer.TokenToId("<user>"), tokenizer.TokenToId("<end>")));
        SampleTexts.CompareWithReference(tokenizer);
    }

    [Fact]
    public void Pairs_that_are_too_rare_stay_apart()
    {
        Assert.Equal(["a b"], Merges(ByteLevelBpeTrainer.Train(["aab aab ab"], 1000, new() { MinFrequency = 3 }).Files["tokenizer.json"]));
    }

    [Fact]
    public void Size_is_the_most_tokens_there_will_be()
    {
        Assert.All([261, 262, 300], size => Assert.Equal(size, ByteLevelBpeTrainer.Train(SampleTexts.Few, size).VocabularySize));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var small = Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelBpeTrainer.Train(SampleTexts.Few, 260));
        Assert.Contains("needs 261 at least: 5 special tokens and 256 bytes", small.Message, StringComparison.Ordinal);
        Assert.Contains("not a single word", Assert.Throws<ArgumentException>(() => ByteLevelBpeTrainer.Train(["", null], 1000)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelBpeTrainer.Train(SampleTexts.Few, 1000, new() { MinFrequency = 0 }));
    }

    [Fact]
    public void Texts_are_read_once_and_what_fails_while_they_are_read_is_what_the_caller_sees()
    {
        int read = 0;
        ByteLevelBpeTrainer.Train(Texts(1000), 300);
        Assert.Equal(1000, read);

        Assert.Equal("line 500", Assert.Throws<InvalidDataException>(() => ByteLevelBpeTrainer.Train(Texts(500).Concat(Fails()), 300)).Message);

        IEnumerable<string> Texts(int count)
        {
            for (int i = 0; i < count; i++)
            {
                read++;
                yield return $"word {i}";
            }
        }

        static IEnumerable<string> Fails()
        {
            yield return "word";
            throw new InvalidDataException("line 500");
        }
    }

    private static string[] Merges(byte[] file) => [.. JsonNode.Parse(file)!["model"]!["merges"]!.AsArray().Select(merge => $"{merge![0]} {merge[1]}")];
}
