"""Record batches read as bytes, whatever a producer put into them: for the worker and for the commands."""
