using System.Text;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

public class WordPieceTrainerTests
{
    private static readonly string[] _texts = ["low low low low low", "lower lower", "newest newest newest newest newest newest", "widest widest widest"];

    [Fact]
    public void The_most_frequent_pairs_are_joined_first()
    {
        string[] pieces = Pieces(WordPieceTrainer.Train(_texts, 23));

        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], pieces[..5]);
        // Characters, at the beginning of a word and within one, come first.
        Assert.Equal(["##d", "##e", "##i", "##o", "##r", "##s", "##t", "##w", "l", "n", "w"], pieces[5..16]);
        // "e"+"s" and "s"+"t" occur 9 times each, the first in the order of characters goes ahead, and then "es"+"t".
        Assert.Equal(["##es", "##est"], pieces[16..18]);
    }

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_vocabulary()
    {
        byte[] one = WordPieceTrainer.Train(_texts, 40).Files["vocab.txt"];

        Assert.Equal(one, WordPieceTrainer.Train(_texts, 40).Files["vocab.txt"]);
        Assert.Equal(one, WordPieceTrainer.Train(_texts.Reverse(), 40).Files["vocab.txt"]);
    }

    [Fact]
    public void Every_text_that_was_trained_on_can_be_encoded()
    {
        TextEncoder tokenizer = WordPieceTrainer.Train(_texts, 30);

        Assert.All(_texts, text => Assert.DoesNotContain(tokenizer.UnknownTokenId!.Value, tokenizer.Encode(text).Ids));
        Assert.All(_texts, text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text).Ids)));
    }

    [Fact]
    public void Pairs_that_are_too_rare_stay_apart()
    {
        string[] pieces = Pieces(WordPieceTrainer.Train(_texts, 100, new() { MinFrequency = 6 }));

        Assert.Contains("newest", pieces);
        Assert.DoesNotContain("widest", pieces);
        Assert.True(pieces.Length < 100);
    }

    [Fact]
    public void Size_is_the_most_pieces_there_will_be()
    {
        Assert.All([6, 10, 20, 25], size => Assert.Equal(size, WordPieceTrainer.Train(_texts, size).VocabularySize));
    }

    [Fact]
    public void Lower_case_is_kept_with_the_vocabulary()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["\u00C9t\u00E9 \u00C9t\u00E9"];
        WordPieceTrainer.Train(texts, 50, new() { Lowercase = true }).Save(folder.File("uncased"));
        WordPieceTrainer.Train(texts, 50, new() { Lowercase = false }).Save(folder.File("cased"));

        TextEncoder uncased = TextEncoder.FromFolder(folder.File("uncased"));
        TextEncoder cased = TextEncoder.FromFolder(folder.File("cased"));

        Assert.Equal(["ete"], uncased.Encode("\u00C9T\u00C9", null, SmallTokenizers.Plain).Tokens);
        Assert.Equal(["\u00C9t\u00E9"], cased.Encode("\u00C9t\u00E9", null, SmallTokenizers.Plain).Tokens);
        Assert.Equal(["[UNK]"], cased.Encode("ete", null, SmallTokenizers.Plain).Tokens);
    }

    [Fact]
    public void The_vocabulary_is_a_piece_a_line()
    {
        byte[] file = WordPieceTrainer.Train(_texts, 30).Files["vocab.txt"];

        Assert.NotEqual(0xEF, file[0]);
        string[] lines = Encoding.UTF8.GetString(file).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.True(line.Length > 0 && line.Trim() == line));
        Assert.Equal(lines.Length - 1, lines[..^1].Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_reference_opens_it_and_gives_the_same_ids(bool lowercase)
    {
        TextEncoder tokenizer = WordPieceTrainer.Train(
            SampleTexts.Few, 300, new() { Lowercase = lowercase, SpecialTokens = SpecialTokens.Bert with { Last = ["[USER]", "[END]"] } });
        TextEncoder alone = TextEncoder.FromFiles(tokenizer.Files.Where(file => file.Key != "tokenizer.json").ToDictionary());

        SampleTexts.CompareWithReference(tokenizer);
        Assert.Equal(SampleTexts.Pieces(tokenizer), Encoding.UTF8.GetString(tokenizer.Files["vocab.txt"]).TrimEnd('\n').Split('\n'));
        Assert.All(HostileTexts.Make(6, 500, ["[USER]", "[MASK]"]), text => Assert.Equal(tokenizer.Encode(text).Ids, alone.Encode(text).Ids));
    }

    [Fact]
    public void A_large_vocabulary_has_room_for_many_characters()
    {
        string text = string.Concat(Enumerable.Range(0, 1500).Select(i => (char)(0x4E00 + i)));

        TextEncoder large = WordPieceTrainer.Train([text], 4000);
        TextEncoder small = WordPieceTrainer.Train([text], 1800);

        Assert.DoesNotContain(large.UnknownTokenId!.Value, large.Encode(text).Ids);
        Assert.Equal(500, small.Encode(text).Ids.Count(id => id == small.UnknownTokenId));
    }

    [Fact]
    public void Texts_without_a_word_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => WordPieceTrainer.Train(["", " \t", null], 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordPieceTrainer.Train(_texts, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordPieceTrainer.Train(_texts, 100, new() { MinFrequency = 0 }));
    }

    private static string[] Pieces(TextEncoder tokenizer) => [.. Enumerable.Range(0, tokenizer.MaxId + 1).Select(id => tokenizer.IdToToken(id)!)];
}
