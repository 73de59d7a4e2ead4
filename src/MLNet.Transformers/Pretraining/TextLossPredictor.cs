using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>The loss of texts. What the objective draws is drawn from a text's tokens, so that a text's loss does not depend on the others.</summary>
/// <param name="encoder">Makes tokens of texts.</param>
/// <param name="objective">What is guessed of them.</param>
internal sealed class TextLossPredictor(DocumentEncoder encoder, ITextObjective objective) : IPredictor<string, TextLoss>
{
    public string? Report => null;

    public TextLoss[] Predict(TaskModel network, ReadOnlyMemory<string> rows, Action checkAlive)
    {
        var blocks = new List<TextBlock>[rows.Length];
        AllCores.For(blocks.Length, row => blocks[row] = Blocks(rows.Span[row]));
        (int Row, TextBlock Block)[] all = [.. blocks.SelectMany((list, row) => list.Select(block => (row, block)))];
        var losses = new TextLoss[rows.Length];
        var inputs = new NetworkInputs(network);
        RowScorer.Run(Array.ConvertAll(all, item => item.Block), new BatchLimits(Rows: 1), checkAlive, numbers =>
        {
            (int row, TextBlock block) = all[numbers[0]];
            LabelledBatch batch = objective.Prepare([block], inputs, RandomState.OfTokens(block.Ids));
            var loss = new MeanLoss();
            loss.Add(batch, network.forward(batch.Tokens));
            losses[row] = new TextLoss(losses[row].Sum + loss.Sums.FirstOrDefault(), losses[row].Tokens + (int)loss.Weights.FirstOrDefault());
        });
        return losses;
    }

    private List<TextBlock> Blocks(string text)
    {
        var packer = new BlockPacker(objective.Blocks);
        return [.. packer.Add(encoder.Encode(text)), .. packer.Finish()];
    }
}
