using MLNet.Transformers.Batching;
using MLNet.Transformers.ClozeClassification;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.SequenceToSequence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.ClozeClassification;

/// <summary>Scores of choices, beside those of the published way, which reads all choices of a text in one sequence.</summary>
public class ClozeScorerTests
{
    [Fact]
    public void Choices_of_a_GLM_score_as_all_in_one_sequence()
    {
        Checkpoint checkpoint = Translations.Fresh("glm of 2022");
        using TaskModel network = Networks.Create(checkpoint.Config, HeadKind.CausalLanguageModel);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var form = new ClozeForm("{text}", [new("a", "schnee"), new("b", "der hund frisst"), new("c", "eine katze")], LengthPenalty: 0);
        var scorer = new ClozeScorer(WritingHead.Of(checkpoint.Config, ""), checkpoint.Tokenizer, checkpoint.Config, form);
        int mask = WordTokenizer.Id("[gMASK]"), start = WordTokenizer.Id("<|startofpiece|>");
        int[][] texts = [[2, 20, 21, mask, 3], [2, mask, 3]];
        ClozeText[] rows = [.. texts.Select(text => scorer.Text(text, null))];
        float[] ours = Networks.Values(scorer.Scores(network.forward(scorer.Batch(rows, new NetworkInputs(network))), rows));

        int[][] filled = [texts[0], [.. texts[1], 0, 0]], seen = [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]];
        int[][][] choices = [[.. scorer.Choices], [.. scorer.Choices]];
        BlankChoices together = BlankInfilling.ForChoices(filled, seen, choices, mask, start);
        float[] theirs = Networks.Values(ClozeScores.Of(network.forward(together.Inputs.ToTokens()).Logits, together.ChoiceIds, together.ChoiceIndices));

        Networks.AssertClose(theirs, ours, 1e-4);
    }

    [Fact]
    public void A_text_takes_up_a_batch_as_often_as_there_are_choices()
    {
        Checkpoint checkpoint = Translations.Fresh("llama");
        var form = new ClozeForm("{text}", [new("a", "schnee"), new("b", "der hund frisst"), new("c", "eine katze")], LengthPenalty: 0);
        var scorer = new ClozeScorer(WritingHead.Of(checkpoint.Config, ""), checkpoint.Tokenizer, checkpoint.Config, form);

        ClozeText text = scorer.Text([2, 20, 21, 3], null);

        Assert.Equal((3 * 4) + 1 + 3 + 2, text.Length);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Choices_score_the_sum_of_their_tokens_log_probabilities(string row)
    {
        Checkpoint checkpoint = Translations.Fresh(row);
        HeadSpec head = WritingHead.Of(checkpoint.Config, "");
        using TaskModel network = Networks.Create(checkpoint.Config, head.Kind);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var scorer = new ClozeScorer(head, checkpoint.Tokenizer, checkpoint.Config, new ClozeForm("{text}", [new("a", "schnee"), new("b", "der hund")], 0));
        int[] text = [2, 20, 21, 3], choice = scorer.Choices[1];
        ClozeText[] rows = [scorer.Text(text, null), scorer.Text([2, 3], null)];
        float ours = Networks.Values(scorer.Scores(network.forward(scorer.Batch(rows, new NetworkInputs(network))), rows))[1];

        double sum = 0;
        for (int i = 0; i < choice.Length; i++)
        {
            long[] before = [.. choice.Take(i).Select(id => (long)id)];
            TokenBatch read = head.Kind == HeadKind.SequenceToSequence
                ? TokenBatch.Pad([text], null, 0) with { Target = new TokenBatch(tensor([(long)checkpoint.Config.DecoderStartId!, .. before], [1, i + 1])) }
                : TokenBatch.Pad([[.. text, .. choice.Take(i)]], null, 0);
            sum += network.forward(read).Logits[0, -1].log_softmax(0)[choice[i]].item<float>();
        }
        Assert.Equal(sum, ours, 1e-4);
    }

    [Fact]
    public void Another_length_penalty_is_another_training()
    {
        Checkpoint checkpoint = Translations.Fresh("llama");
        string Identity(double penalty) => new ClozeObjective(new ClozeScorer(
            WritingHead.Of(checkpoint.Config, ""), checkpoint.Tokenizer, checkpoint.Config,
            new ClozeForm("{text}", [new("a", "schnee"), new("b", "der hund")], penalty))).Identity;
        Assert.NotEqual(Identity(0), Identity(1));
        Assert.Equal(Identity(1), Identity(1));
    }
}
