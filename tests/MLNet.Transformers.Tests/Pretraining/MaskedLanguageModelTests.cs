using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Pretraining;

public class MaskedLanguageModelTests
{
    private const int Draws = 100_000;

    [Fact]
    public void Fifteen_of_a_hundred_tokens_are_chosen_and_eighty_ten_ten_of_them_hidden_replaced_and_kept()
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        TextEncoder tokenizer = checkpoint.Tokenizer;
        HiddenTokens hidden = PlainTexts.Hidden(checkpoint);
        int[] ids = [tokenizer.ClassTokenId!.Value, .. Enumerable.Range(0, 98).Select(i => 10 + i % 20), tokenizer.SeparatorTokenId!.Value];
        var random = new Random(1);
        var chosenAt = new int[ids.Length];
        (int chosen, int masked, int kept) = (0, 0, 0);
        for (int draw = 0; draw < Draws / 15; draw++)
        {
            (TokenSequence read, int[] labels) = hidden.Hide(new TokenSequence(ids), random);
            int[] places = [.. Enumerable.Range(0, ids.Length).Where(i => labels[i] != LossTerm.Ignored)];
            Assert.Equal(15, places.Length);
            Assert.All(places, i => Assert.Equal(ids[i], labels[i]));
            Assert.All(Enumerable.Range(0, ids.Length).Except(places), i => Assert.Equal(ids[i], read.Ids[i]));
            foreach (int i in places)
            {
                chosenAt[i]++;
                chosen++;
                masked += read.Ids[i] == tokenizer.MaskTokenId ? 1 : 0;
                kept += read.Ids[i] == ids[i] ? 1 : 0;
            }
        }

        // A replacement may by chance be the token itself or the mask.
        double chance = 0.1 / (tokenizer.MaxId + 1);
        Assert.Equal(0.8 + chance, (double)masked / chosen, 0.006);
        Assert.Equal(0.1 + chance, (double)kept / chosen, 0.006);
        Assert.Equal((0, 0), (chosenAt[0], chosenAt[^1]));
        Assert.All(chosenAt[1..^1], count => Assert.Equal(Draws / 15 * 15 / 98.0, count, 180.0));
    }

    [Theory]
    [InlineData(2, null, 0)]
    [InlineData(3, null, 1)]
    [InlineData(10, null, 2)]
    [InlineData(30, null, 4)]
    [InlineData(128, 20, 19)]
    [InlineData(200, 20, 20)]
    public void At_least_one_token_is_chosen_and_no_more_than_the_limit(int length, int? most, int expected)
    {
        Checkpoint checkpoint = SampleNetworks.Tiny();
        TextEncoder tokenizer = checkpoint.Tokenizer;
        int[] ids = [tokenizer.ClassTokenId!.Value, .. Enumerable.Repeat(9, length - 2), tokenizer.SeparatorTokenId!.Value];

        (_, int[] labels) = PlainTexts.Hidden(checkpoint, new() { MostPredictions = most }).Hide(new TokenSequence(ids), new Random(3));

        Assert.Equal(expected, labels.Count(label => label != LossTerm.Ignored));
    }

    [Fact]
    public void Whole_words_are_chosen_as_one_and_too_long_ones_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nlong\n##er\n##est\n##ing\nshort\n");
        var checkpoint = Checkpoint.FromConfig(((MLNet.Transformers.Models.Bert.BertConfig)SampleNetworks.Tiny().Config) with { VocabularySize = 10 }, TextEncoder.FromFolder(folder.Folder));
        HiddenTokens hidden = PlainTexts.Hidden(checkpoint, new() { WholeWords = true, MaskedShare = 0.3 });

        // Of 10 tokens 3 are to be guessed: never the word of four, so both short ones and one of two tokens, or the two of two tokens less one.
        int[] ids = [2, 5, 6, 7, 8, 9, 5, 6, 9, 3];
        for (int draw = 0; draw < 200; draw++)
        {
            (_, int[] labels) = hidden.Hide(new TokenSequence(ids), new Random(draw));
            bool[] chosen = [.. labels.Select(label => label != LossTerm.Ignored)];
            Assert.DoesNotContain(true, chosen[..5]);
            Assert.Equal(chosen[6], chosen[7]);
            Assert.False(chosen[9]);
            Assert.InRange(chosen.Count(one => one), 2, 3);
        }
    }

    [Fact]
    public void What_is_hidden_is_drawn_from_seed_and_step_alone()
    {
        HiddenTokens hidden = PlainTexts.Hidden(SampleNetworks.Tiny());
        int[] Hide(int seed, int step) => hidden.Hide(new TokenSequence([.. Enumerable.Range(5, 60)]), RandomState.OfStep(seed, step)).Read.Ids;

        Assert.Equal(Hide(1, 7), Hide(1, 7));
        Assert.NotEqual(Hide(1, 7), Hide(1, 8));
        Assert.NotEqual(Hide(1, 7), Hide(2, 7));
    }

    [Fact]
    public void Only_what_is_to_be_guessed_is_scored()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        ModelConfig config = SampleNetworks.Tiny().Config;
        using TaskModel network = TaskModel.Create(config, HeadKind.MaskedLanguageModel, Placement.Cpu);
        int ignored = (int)LossTerm.Ignored;

        LabelledBatch batch = MaskedLanguageModel.Batch(
            [(new TokenSequence([2, 6, 7, 3]), [ignored, 6, ignored, ignored]), (new TokenSequence([2, 8, 3]), [ignored, 8, 3])], new NetworkInputs(network));

        Assert.Equal([1, 5, 6], batch.Tokens.Scored!.data<long>().ToArray());
        Assert.Equal([3, config.VocabularySize], network.forward(batch.Tokens).Logits.shape);
        Assert.Equal(3, Assert.Single(batch.Terms).Weight);
    }

    [Theory]
    [InlineData("bert-mlm")]
    [InlineData("roberta-mlm")]
    public void The_references_loss_is_met(string name)
    {
        (double expected, double actual) = PlainTexts.GoldenLoss(name, HeadKind.MaskedLanguageModel, (rows, _, inputs) => MaskedLanguageModel.Batch(rows, inputs));

        Assert.Equal(expected, actual, 2e-5);
    }

    [Fact]
    public void The_references_loss_with_next_sentences_is_met()
    {
        (double expected, double actual) = PlainTexts.GoldenLoss(
            "bert-pretraining", HeadKind.Pretraining, (rows, next, inputs) => MaskedLanguageModel.Batch(rows, inputs, [.. next!.Select(label => label == 0)]));

        Assert.Equal(expected, actual, 2e-5);
    }
}
