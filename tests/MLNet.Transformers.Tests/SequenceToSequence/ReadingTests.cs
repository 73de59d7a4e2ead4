using Microsoft.ML;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>What becomes of sources and targets before a network reads them.</summary>
public class ReadingTests
{
    private const string LongSource = "the dog eats the bread she reads a cat sleeps";

    [Theory]
    [InlineData("bart", "translate : ", null, "[CLS] translate : a dog runs [SEP]")]
    [InlineData("t5", null, "{source} : answer", "[CLS] a dog runs : answer [SEP]")]
    [InlineData("llama", null, "translate {source} : {source} :", "[CLS] translate a dog runs : a dog runs : [SEP]")]
    [InlineData("glm of 2022", null, null, "[CLS] a dog runs [gMASK] [SEP]")]
    [InlineData("glm of 2022", null, "{source} [MASK] : answer", "[CLS] a dog runs [MASK] : answer [SEP]")]
    [InlineData("chatglm-6b", null, null, "a dog runs [gMASK] <sop>")]
    public void A_source_is_put_into_its_prompt(string row, string? prefix, string? template, string expected) =>
        Assert.Equal(expected, Words(row, new SourceForm(prefix, template, false, null), 19, "a dog runs"));

    [Fact]
    public void A_source_is_a_message_of_a_conversation()
    {
        Assert.Equal(
            "[CLS] user translate : a dog runs <turn> assistant", Words("llama", new SourceForm("translate : ", null, true, null), 19, "a dog runs", Chat));
        Assert.Equal(
            "[CLS] system be brief <turn> [CLS] user a dog runs <turn> assistant", Words("llama", new SourceForm(null, null, true, "be brief"), 19, "a dog runs", Chat));
    }

    [Theory]
    [InlineData("{source} : answer", false, "[CLS] the dog eats the bread : answer [SEP]")]
    [InlineData("translate : {source}", false, "[CLS] translate : the dog eats the bread [SEP]")]
    [InlineData("{source} :", true, "[CLS] user the dog eats the : <turn> assistant")]
    public void A_source_that_is_too_long_is_cut_and_its_prompt_is_not(string template, bool chat, string expected) =>
        Assert.Equal(expected, Words("llama", new SourceForm(null, template, chat, null), 9, LongSource, Chat));

    [Fact]
    public void A_blank_that_was_cut_away_is_put_behind_the_text() =>
        Assert.Equal("[CLS] the dog eats [gMASK] [SEP]", Words("glm of 2022", new SourceForm(null, null, false, null), 6, $"{LongSource} [MASK]"));

    [Fact]
    public void A_source_of_nothing_begins_somewhere()
    {
        Checkpoint checkpoint = Fresh("llama");
        TextEncoder plain = WordTokenizer.Of(["a"], "$");
        var encoder = new SourceEncoder(plain, checkpoint.Config, new SourceForm(null, null, false, null), null, beginId: 7, maxTokens: 9);

        Assert.Equal([7], encoder.Encode(new TextRow("", null)));
    }

    [Theory]
    [InlineData("bart", "[CLS] ein hund rennt [SEP]", "[CLS] ein [SEP]")]
    [InlineData("encoder-decoder", "ein hund rennt [SEP]", "ein [SEP]")]
    [InlineData("llama", "ein hund rennt [SEP]", "ein hund [SEP]")]
    public void A_target_keeps_its_end_token_where_it_is_cut(string row, string whole, string cut)
    {
        Checkpoint checkpoint = Fresh(row);
        // BART's decoder begins with the end token, so that the one in front is the target's own.
        ModelConfig config = row == "bart" ? Fresh(row, null, ("decoder_start_token_id", WordTokenizer.Id("[SEP]"))).Config : checkpoint.Config;
        HeadSpec head = WritingHead.Of(config, row);
        var encoder = new TargetEncoder(checkpoint.Tokenizer, config, head, WordTokenizer.Id("[SEP]"), 3);

        Assert.Equal(whole, checkpoint.Tokenizer.Decode(new TargetEncoder(checkpoint.Tokenizer, config, head, WordTokenizer.Id("[SEP]"), 9).Encode("ein hund rennt"), skipSpecialTokens: false));
        Assert.Equal(cut, checkpoint.Tokenizer.Decode(encoder.Encode("ein hund rennt"), skipSpecialTokens: false));
        Assert.Equal("1 of 1 targets were longer than 3 tokens and were cut.", encoder.Report);
    }

    [Fact]
    public void What_is_cut_in_training_is_counted_in_the_log()
    {
        var ml = new MLContext(1);
        List<string> log = Log(ml);
        SequenceToSequenceOptions options = Options(1);
        (options.MaxTargetTokens, options.MaxSourceTokens) = (4, 5);
        using SequenceToSequenceTransformer model = Train(ml, Fresh("llama"), options);

        Assert.Contains("1 of 8 sources were longer than 5 tokens and were cut. 2 of 8 targets were longer than 4 tokens and were cut.", log);
    }

    [Fact]
    public void What_is_cut_in_prediction_is_counted_in_the_log()
    {
        var ml = new MLContext(1);
        SequenceToSequenceOptions options = Options(1);
        options.MaxSourceTokens = 6;
        using SequenceToSequenceTransformer model = Train(ml, options: options);
        List<string> log = Log(ml);

        Texts(ml, model, "a dog", LongSource, "", null);

        Assert.Contains("1 of 4 sources were longer than 6 tokens and were cut.", log);
        log.Clear();
        model.Generate("a dog", cancellation: TestContext.Current.CancellationToken);
        model.Generate(LongSource, cancellation: TestContext.Current.CancellationToken);
        model.GenerateAsync(LongSource, cancellation: TestContext.Current.CancellationToken);
        Assert.Single(log, line => line == "1 of 2 sources were longer than 6 tokens and were cut.");
    }

    private static string Words(string row, SourceForm form, int maxTokens, string source, string? chat = null)
    {
        Checkpoint checkpoint = Fresh(row, chat);
        var encoder = new SourceEncoder(checkpoint.Tokenizer, checkpoint.Config, form, WritingHead.Of(checkpoint.Config, row).Blank, beginId: 0, maxTokens);
        return checkpoint.Tokenizer.Decode(encoder.Encode(new TextRow(source, null)), skipSpecialTokens: false);
    }
}
