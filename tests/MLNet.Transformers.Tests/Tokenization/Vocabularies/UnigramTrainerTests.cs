using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Tokenization.Oracle;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Tokenization.Vocabularies;

namespace MLNet.Transformers.Tests.Tokenization.Vocabularies;

public class UnigramTrainerTests
{
    private const double Precision = 1e-12;

    public static TheoryData<string> Kinds => [.. Options.Keys];

    private static Dictionary<string, UnigramVocabularyOptions> Options { get; } = new()
    {
        ["t5"] = new UnigramVocabularyOptions { SpecialTokens = SpecialTokens.T5(20) },
        ["t5 with bytes"] = new UnigramVocabularyOptions { SpecialTokens = SpecialTokens.T5(3), ByteFallback = true, CharacterCoverage = 0.98 },
        ["llama"] = new UnigramVocabularyOptions { SpecialTokens = SpecialTokens.Llama, ByteFallback = true, KeepsBlanks = true },
        ["glm"] = new UnigramVocabularyOptions { SpecialTokens = SpecialTokens.Glm },
        ["bert"] = new UnigramVocabularyOptions { SpecialTokens = SpecialTokens.Bert },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_reference_opens_it_and_gives_the_same_ids(string kind) =>
        SampleTexts.CompareWithReference(UnigramTrainer.Train(SampleTexts.Few, 400, Options[kind]));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_SentencePiece_model_gives_the_ids_of_tokenizer_json(string kind)
    {
        TextEncoder tokenizer = UnigramTrainer.Train(SampleTexts.Few, 400, Options[kind]);
        TextEncoder model = TextEncoder.FromFiles(tokenizer.Files.Where(file => file.Key != "tokenizer.json").ToDictionary());
        // A model without an architecture knows just its pieces.
        bool alone = tokenizer.Files.ContainsKey("sentencepiece.model");
        string[] tokens = alone ? [] : [.. Options[kind].SpecialTokens.All];

        Assert.Equal(tokenizer.MaxId, model.MaxId);
        foreach (string text in SampleTexts.Few.Take(4).Concat(HostileTexts.Make(5, 2000, tokens)).Append(""))
        {
            Assert.Equal(tokenizer.Encode(text, null, SmallTokenizers.Plain).Tokens, model.Encode(text, null, SmallTokenizers.Plain).Tokens);
            Assert.Equal(tokenizer.Encode(text, null, SmallTokenizers.Plain).Ids, model.Encode(text, null, SmallTokenizers.Plain).Ids);
        }
        if (!alone)
        {
            Assert.Equal(tokenizer.Encode("The fox", "the dogs").Ids, model.Encode("The fox", "the dogs").Ids);
        }
    }

    [Fact]
    public void Long_texts_are_split_alike_though_SentencePiece_counts_in_float32()
    {
        string[] texts = [.. SampleTexts.Lines("data", "multi30k", "train.en.gz"), .. SampleTexts.Lines("data", "multi30k", "train.de.gz")];
        TextEncoder tokenizer = UnigramTrainer.Train(texts.Where((_, index) => index % 8 == 0), 4000);
        TextEncoder model = TextEncoder.FromFiles(tokenizer.Files.Where(file => file.Key != "tokenizer.json").ToDictionary());

        // Texts of some thousand tokens: with scores as they were estimated several are split in another way.
        Assert.All(texts.Chunk(400).Select(part => string.Join(' ', part)), text => Assert.Equal(tokenizer.Encode(text).Ids, model.Encode(text).Ids));
    }

    [Fact]
    public void A_SentencePiece_model_can_be_opened_by_itself()
    {
        using var folder = new TemporaryFolder();
        TextEncoder tokenizer = UnigramTrainer.Train(SampleTexts.Few, 300);
        tokenizer.Save(folder.Folder);

        TextEncoder model = TextEncoder.FromFile(folder.File("spiece.model"));

        Assert.All(SampleTexts.Few, text => Assert.Equal(tokenizer.Encode(text, null, SmallTokenizers.Plain).Ids, model.Encode(text, null, SmallTokenizers.Plain).Ids));
    }

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_vocabulary()
    {
        IReadOnlyDictionary<string, byte[]> one = UnigramTrainer.Train(SampleTexts.Few, 300).Files;

        foreach (IEnumerable<string> texts in (IEnumerable<string>[])[SampleTexts.Few, SampleTexts.Few.Reverse()])
        {
            IReadOnlyDictionary<string, byte[]> other = UnigramTrainer.Train(texts, 300).Files;
            Assert.All(one.Keys, name => Assert.Equal(one[name], other[name]));
        }
    }

    [Fact]
    public void Frequent_words_are_pieces_and_no_piece_is_of_several_kinds()
    {
        string[] pieces = SampleTexts.Pieces(UnigramTrainer.Train(SampleTexts.Few, 300))[3..^100];

        Assert.Superset(new HashSet<string> { "\u2581The", "\u2581fox", "\u2581newest", "\u2581\u8fd9\u672c\u4e66\u5f88\u597d", "\uff0c", "\u2581number" }, pieces.ToHashSet());
        Assert.All(pieces, piece => Assert.InRange(
            new[] { piece.Any(char.IsLetter), piece.Any(char.IsDigit), piece.Any(unit => unit != '\u2581' && !char.IsLetterOrDigit(unit)) }.Count(kind => kind), 0, 1));
        Assert.All(pieces, piece => Assert.InRange(piece.LastIndexOf('\u2581'), -1, 0));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 16));
    }

    [Fact]
    public void Texts_are_decoded_to_themselves_with_blanks_and_characters_without_a_piece()
    {
        TextEncoder tokenizer = UnigramTrainer.Train(SampleTexts.Few, 400, Options["llama"]);
        const string text = "  The  fox\n\tjumps \U0001F600 ";

        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text).Ids));
    }

    [Fact]
    public void White_space_is_one_blank_unless_it_is_kept()
    {
        TextEncoder tokenizer = UnigramTrainer.Train(SampleTexts.Few, 300);

        Assert.Equal(
            tokenizer.Encode("the fox").Ids,
            tokenizer.Encode("\t the\u0001 \u2581\r\n\u3000fox\uFEFF \n").Ids);
    }

    [Fact]
    public void Rare_characters_are_left_out()
    {
        string[] texts = [.. Enumerable.Repeat("aaaa bbbb", 100), "c"];

        TextEncoder all = UnigramTrainer.Train(texts, 120);
        TextEncoder some = UnigramTrainer.Train(texts, 120, new() { CharacterCoverage = 0.99 });

        Assert.DoesNotContain(all.UnknownTokenId!.Value, all.Encode("abc").Ids);
        Assert.Equal(["\u2581", "a", "b", "<unk>"], some.Encode("abc", null, SmallTokenizers.Plain).Tokens);
    }

    [Fact]
    public void A_text_of_many_characters_leaves_out_the_rare_ones_by_itself()
    {
        string often = string.Concat(Enumerable.Range(0, 1100).Select(i => (char)(0x4E00 + i)));

        TextEncoder tokenizer = UnigramTrainer.Train([.. Enumerable.Repeat(often, 100), "\u7530"], 1300);

        Assert.DoesNotContain(tokenizer.UnknownTokenId!.Value, tokenizer.Encode(often).Ids);
        Assert.Contains(tokenizer.UnknownTokenId!.Value, tokenizer.Encode("\u7530").Ids);
    }

    [Fact]
    public void Seeds_are_stretches_that_go_on_in_several_ways_or_end()
    {
        (string, long)[] words = [("ab", 1), ("aba", 3), ("xyw", 3), ("xyz", 1)];

        IReadOnlyList<(string Text, double Weight)> seeds = SeedPieces.Find(CoveredWords.Of(words, 1), new());

        // Characters by their number. Then: "xy" four times, "xyw" and "aba" three times, "ab" four times, and the ends "yw" and "ba"; "yz" and "xyz" are too rare.
        Assert.Equal(
            [("a", 7), ("b", 4), ("x", 4), ("y", 4), ("w", 3), ("z", 1), ("aba", 9), ("xyw", 9), ("ab", 8), ("xy", 8), ("ba", 6), ("yw", 6)],
            seeds);
        Assert.Equal(
            [("a", 7), ("b", 4), ("x", 4), ("y", 4), ("w", 3), ("z", 1), ("ab", 8), ("xy", 8)],
            SeedPieces.Find(CoveredWords.Of(words, 1), new() { MaxPieceLength = 2, SeedSize = 8 }));
    }

    [Fact]
    public void Pieces_are_expected_as_often_as_the_ways_to_split_a_word_are_probable()
    {
        var lattice = new UnigramLattice(new UnigramPieces([("a", Math.Log(0.5)), ("b", Math.Log(0.25)), ("ab", Math.Log(0.25))]));
        var sums = new long[3];

        lattice.Expect("ab", 3000, sums);

        // "a b" has the probability 1/8, "ab" 1/4.
        Assert.Equal([1000, 1000, 2000], sums);
        Assert.Equal(Math.Log(0.25), lattice.Split("ab", mayBeWhole: true, out IReadOnlyList<int> whole), Precision);
        Assert.Equal([2], whole);
        Assert.Equal(Math.Log(0.125), lattice.Split("ab", mayBeWhole: false, out IReadOnlyList<int> parts), Precision);
        Assert.Equal([1, 0], parts);
        Assert.True(double.IsNegativeInfinity(lattice.Split("a", mayBeWhole: false, out _)));
        // A character without a piece scores 10 less than the rarest.
        Assert.Equal(Math.Log(0.25) + Math.Log(0.5) - 10, lattice.Split("a?", mayBeWhole: true, out IReadOnlyList<int> unknown), Precision);
        Assert.Equal([UnigramPieces.Unknown, 0], unknown);
    }

    [Fact]
    public void Size_is_the_most_tokens_there_will_be()
    {
        Assert.All([90, 100, 110], size => Assert.Equal(size, UnigramTrainer.Train(SampleTexts.Few, size, Options["t5"]).VocabularySize));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var small = Assert.Throws<ArgumentOutOfRangeException>(() => UnigramTrainer.Train(["abc"], 106));
        Assert.Contains("needs 107 at least: 103 special tokens and 4 characters of the texts (CharacterCoverage", small.Message, StringComparison.Ordinal);
        Assert.Contains(
            "and 260 characters of the texts and bytes",
            Assert.Throws<ArgumentOutOfRangeException>(() => UnigramTrainer.Train(["abc"], 106, new() { ByteFallback = true })).Message, StringComparison.Ordinal);
        Assert.Contains("not a single word", Assert.Throws<ArgumentException>(() => UnigramTrainer.Train(["", " \t"], 1000)).Message, StringComparison.Ordinal);
        Assert.All(
            (UnigramVocabularyOptions[])
            [
                new() { CharacterCoverage = 0 }, new() { CharacterCoverage = 1.01 }, new() { ShrinkingFactor = 1 }, new() { ShrinkingFactor = 0 }, new() { Iterations = 0 },
                new() { MaxPieceLength = 0 }, new() { SeedSize = 0 }, new() { MinFrequency = 0 },
            ],
            options => Assert.Throws<ArgumentOutOfRangeException>(() => UnigramTrainer.Train(SampleTexts.Few, 1000, options)));
        Assert.Contains("unk_token", Error(SpecialTokens.T5() with { Roles = new Dictionary<string, string>() }), StringComparison.Ordinal);
        Assert.Contains("'<unk>' is the unk_token, which has to be among the first", Error(SpecialTokens.T5() with { First = ["<pad>", "</s>"], Last = ["<unk>"] }), StringComparison.Ordinal);

        static string Error(SpecialTokens tokens) =>
            Assert.Throws<ArgumentException>(() => UnigramTrainer.Train(SampleTexts.Few, 1000, new() { SpecialTokens = tokens })).Message;
    }
}
